"""How often each call may be made by one address."""

from __future__ import annotations

# 120 suggestions a minute and 20 more in a hurry; typing as fast as one can makes about 40.
SUGGESTIONS = "140 per minute"
SEARCHES = "60 per minute"
ARTICLES = "240 per minute"
EVENTS = "600 per minute"
TICKETS_SENT = "60 per 10 minutes"
# Each is a sum over every day that is asked for.
INSIGHTS = "30 per minute"
