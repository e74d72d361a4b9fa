"""The product categories that a new agency starts with: our own words, in the shape of public ad-product taxonomies."""

from agency.models import Agency, Category

Tree = dict[str, "Tree"]


def _flat(*names: str) -> Tree:
    return {name: {} for name in names}


CATEGORIES: Tree = {
    "Food & drink": {
        "Hot drinks": _flat("Coffee", "Tea", "Cocoa & drinking chocolate"),
        "Soft drinks": _flat("Water", "Juice & smoothies", "Fizzy drinks", "Energy & sports drinks", "Plant drinks"),
        "Alcohol": _flat("Beer & cider", "Wine", "Spirits", "Alcohol-free alternatives"),
        "Snacks & sweets": _flat("Chocolate & candy", "Crisps & nuts", "Ice cream", "Biscuits & cakes"),
        "Groceries": _flat("Dairy", "Meat & fish", "Plant-based food", "Bread & cereals", "Ready meals", "Baby food"),
        "Meal kits & delivery": {},
        "Restaurants & cafés": {},
    },
    "Beauty & care": {
        "Skin care": _flat("Face care", "Body care", "Sun care"),
        "Make-up": {},
        "Hair": _flat("Hair care", "Hair colour & styling", "Hair tools"),
        "Fragrance": {},
        "Nails": {},
        "Shaving & hair removal": {},
        "Oral care": {},
        "Intimate & period care": {},
        "Salons & treatments": {},
    },
    "Fashion": {
        "Clothing": _flat("Womenswear", "Menswear", "Sportswear", "Underwear & swimwear"),
        "Shoes": {},
        "Bags & luggage": {},
        "Jewellery & watches": {},
        "Glasses": {},
        "Second-hand fashion": {},
    },
    "Family": {
        "Baby equipment": {},
        "Toys & games": {},
        "Children's clothing": {},
        "Nappies & baby care": {},
    },
    "Health & fitness": {
        "Vitamins & supplements": {},
        "Sports nutrition": {},
        "Gyms & training": {},
        "Fitness equipment": {},
        "Pharmacy & medicine": {},
        "Mental health": {},
        "Medical services": {},
    },
    "Home & garden": {
        "Furniture": {},
        "Interior decoration": {},
        "Kitchen & household appliances": {},
        "Cleaning & laundry": {},
        "Tools & renovation": {},
        "Garden": {},
        "Bedding & sleep": {},
    },
    "Electronics": {
        "Phones": {},
        "Computers & tablets": {},
        "Cameras & drones": {},
        "Audio": {},
        "TV & streaming devices": {},
        "Smart home": {},
        "Wearables": {},
    },
    "Games & entertainment": {
        "Video games": _flat("Mobile games", "Console & PC games"),
        "Streaming services": {},
        "Music & concerts": {},
        "Films & series": {},
        "Books & audiobooks": {},
        "Events & attractions": {},
    },
    "Software & online services": {
        "Apps": {},
        "Creative software": {},
        "Business software": {},
        "VPN & security": {},
        "Web hosting & sites": {},
        "Dating": {},
        "Social platforms": {},
    },
    "Money": {
        "Banks & cards": {},
        "Payments": {},
        "Insurance": {},
        "Saving & investing": {},
        "Loans & credit": {},
        "Cryptocurrency": {},
    },
    "Travel": {
        "Hotels & stays": {},
        "Airlines": {},
        "Rail & coach": {},
        "Tours & packages": {},
        "Destinations": {},
    },
    "Cars & mobility": {
        "Cars": {},
        "Electric vehicles & charging": {},
        "Bicycles & scooters": {},
        "Car sharing & rides": {},
        "Fuel & service": {},
    },
    "Telecoms & energy": _flat("Mobile & broadband", "Electricity & heating"),
    "Shops & marketplaces": _flat("Supermarkets", "Online marketplaces", "Department stores", "Discounters"),
    "Pets": _flat("Pet food", "Pet care & accessories"),
    "Education & work": _flat("Courses & tutoring", "Universities & schools", "Jobs & recruiting"),
    "Society": _flat("Charities", "Public campaigns", "Politics"),
    "Betting & tobacco": _flat("Betting & casinos", "Lotteries", "Tobacco, vapes & nicotine"),
    "Property": _flat("Estate agents", "Building & mortgages"),
}


def seed_categories(agency: Agency) -> int:
    """The tree for a new agency, one insert per level; returns how many."""
    level: list[tuple[Category | None, Tree]] = [(None, CATEGORIES)]
    total = 0
    while level:
        rows = [
            (Category(agency=agency, name=name, parent=parent), below)
            for parent, names in level
            for name, below in names.items()
        ]
        Category.objects.bulk_create(row for row, _below in rows)
        total += len(rows)
        level = [(row, below) for row, below in rows if below]
    return total
