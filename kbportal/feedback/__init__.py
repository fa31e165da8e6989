"""What readers write about an article beside their vote: a few words, and nothing about them."""
