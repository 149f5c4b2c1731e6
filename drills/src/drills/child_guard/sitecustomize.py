"""Runs before the first line of a Python program that a drill starts: loopback only, from the address it was given.

Python imports a module of this name from PYTHONPATH by itself, and goes on when it fails; a guard that failed must
stop the program instead. sqlmap has no option for the client's address, hence the second half.
"""

import http.client
import os
import sys
import traceback

try:
    from drills import loopback

    loopback.install_guard()
    _source_address = loopback.require_loopback_source(os.environ[loopback.SOURCE_ADDRESS_VARIABLE])
except BaseException:
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(70)

_connect = http.client.HTTPConnection.__init__


def _connect_from_the_drills_address(self, *arguments, **options):  # type: ignore[no-untyped-def]
    options.setdefault("source_address", (_source_address, 0))
    _connect(self, *arguments, **options)


http.client.HTTPConnection.__init__ = _connect_from_the_drills_address  # type: ignore[method-assign]
