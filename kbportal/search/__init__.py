"""Finding the article that answers: analysis, signals, their calibrated fusion, and silence."""
