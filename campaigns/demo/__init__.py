"""A believable agency of made-up people and brands, so that a visitor can try everything in a quarter of an hour."""

MANAGER, MARKETER, VIEWER = "manager@demo.example", "marketer@demo.example", "viewer@demo.example"
NEIGHBOUR = "manager@harbour.example"
SLUG, NEIGHBOUR_SLUG = "demo", "harbour"
SEED = 20_260_501
