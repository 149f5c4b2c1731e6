"""The disclosure ledger in Django: personal values reach a response only through what notes them.

Add ``disclosure_ledger.django`` to INSTALLED_APPS, ``disclosure_ledger.django.DisclosureMiddleware`` as the first of
MIDDLEWARE, and the setting DISCLOSURE_LEDGER. Then show values with ``{% disclose %}`` or :func:`disclose`. This
package knows requests and responses; it does not know which values are personal: the templates and views say so.
"""

from disclosure_ledger.django.collection import collecting
from disclosure_ledger.django.middleware import DisclosureMiddleware
from disclosure_ledger.django.notes import disclose, disclose_masked
from disclosure_ledger.django.purposes import purpose

__all__ = ["DisclosureMiddleware", "collecting", "disclose", "disclose_masked", "purpose"]
