"""A question answered: signals scored, fused, judged, worded; and swapped while serving."""
