"""An oracle for replay that shares nothing with it: PostgreSQL, asked again with one value changed."""
