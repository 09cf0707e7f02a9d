"""What goes with the site beside its pages."""
