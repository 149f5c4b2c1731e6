"""Claims for treatment and the benefits paid on them."""
