"""Lockout: a login name with too many wrong passwords is closed for a while, whether or not such an account exists."""
