"""Tools of the house: they build, check and generate.  Nothing in `src` imports them."""
