"""A site whose truth is known: people who behave by given rates, and the events they leave.

Numbers about customers can be believed when they come out right where the answer is known.
``site`` holds the true rates; ``people`` draws what many people did, as columns; ``truth`` says
what the metrics of such a site truly are, from people drawn in such numbers that chance is out
of it, and without any event; ``traffic`` writes one site's people down as events, as a portal
would, with all that ``noise`` mixes in. The report is then held against the truth.
"""
