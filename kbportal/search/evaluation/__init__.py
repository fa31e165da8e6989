"""How well a query finds what is right: data sets, measures, damage done on purpose."""
