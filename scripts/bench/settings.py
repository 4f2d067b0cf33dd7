"""How large everything is: in a run whose figures count, and in one that only shows that all of it works."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    smoke: bool
    rounds: int
    seconds: float
    """Of one measurement of one alternative in one round."""
    products: int
    agreed: int
    """Agreed prices of each customer in the catalogue."""
    customers_with_terms: int
    named: int
    """Products asked for by name."""
    price_changes: int
    slow_readers: int
    slow_seconds: float
    ledger_lines: int
    report_products: int
    named_customers: int
    search: str
    """What customers' names are searched for; of small data, something that is in it."""
    accounts: int
    purchases: int
    """Of each account."""
    import_lines: int
    import_rounds: int
    growth_products: tuple[int, ...]
    growth_customers: tuple[int, ...]
    growth_ledger: tuple[int, ...]


FULL = Settings(
    smoke=False,
    rounds=3,
    seconds=2.0,
    products=100_000,
    agreed=1_000,
    customers_with_terms=64,
    named=100,
    price_changes=5,
    slow_readers=50,
    slow_seconds=8.0,
    ledger_lines=10_000_000,
    report_products=20_000,
    named_customers=1_000_000,
    search="*abc*",
    accounts=2_000,
    purchases=200,
    import_lines=809_560,
    import_rounds=3,
    growth_products=(10_000, 100_000, 1_000_000),
    growth_customers=(1, 1_000, 20_000),
    growth_ledger=(1_000_000, 10_000_000, 50_000_000),
)

SMOKE = Settings(
    smoke=True,
    rounds=1,
    seconds=0.3,
    products=300,
    agreed=30,
    customers_with_terms=4,
    named=20,
    price_changes=1,
    slow_readers=4,
    slow_seconds=0.5,
    ledger_lines=10_000,
    report_products=400,
    named_customers=2_000,
    search="*ter*",
    accounts=20,
    purchases=30,
    import_lines=2_000,
    import_rounds=1,
    growth_products=(50, 200),
    growth_customers=(1, 20),
    growth_ledger=(1_000, 5_000),
)
