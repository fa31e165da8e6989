"""Letters to customers: what they say, when they may go, and how they leave exactly once."""
