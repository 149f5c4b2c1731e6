"""Parts of the documentation that come out of the programs: pure functions from programs and saved output to Markdown.

May not know where a page lies; ``docs/build.py`` reads and writes the files.
"""
