"""What a browser sees: thin views, one module a part of the site. They read by selectors and write by services.

Every personal value reaches a page through `disclosure_ledger.django`: its tag in templates, its functions elsewhere.
"""
