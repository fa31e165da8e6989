"""What a customer could not solve alone: tickets, their messages, and the work on them."""
