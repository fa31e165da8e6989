"""The room of other programs: the form's scripts, the widget, other sites. JSON in, JSON out."""
