"""The same oracle for MariaDB: the server itself, asked again with one value changed."""
