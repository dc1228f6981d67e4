"""What readers searched and did not find."""
