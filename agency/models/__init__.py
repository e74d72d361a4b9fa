"""People, agencies, clients and brands: who may see what."""

from agency.models.brands import Brand, BrandQuerySet, Category, Client, ClientContact
from agency.models.tenants import Agency, AgencyQuerySet, Invitation, Membership, TenantModel
from agency.models.users import User

__all__ = [
    "Agency",
    "AgencyQuerySet",
    "Brand",
    "BrandQuerySet",
    "Category",
    "Client",
    "ClientContact",
    "Invitation",
    "Membership",
    "TenantModel",
    "User",
]
