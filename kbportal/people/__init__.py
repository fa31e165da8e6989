"""Who works here: staff accounts, what each role may enter, and how they sign in."""
