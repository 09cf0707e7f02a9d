"""Work on the finished folder alone: search, style sheets, the zip, the swap with the site that stands."""
