"""Which reminders a campaign gets for its markets."""

import pytest

from campaigns.briefs.disclosure import READ_ON, RULES, rules_for


@pytest.mark.parametrize(
    ("markets", "ruled", "without"),
    [
        (["DK"], ["Denmark", "European Union"], []),
        (["GB", "US"], ["United Kingdom", "United States"], []),
        (["SE"], ["European Union"], []),
        (["BR", "JP"], [], ["Brazil", "Japan"]),
        (["NL", "NL", "CH"], ["Netherlands", "European Union"], ["Switzerland"]),
        ([], [rule.market for rule in RULES.values()] + ["European Union"], []),
    ],
)
def test_rules_for_markets(markets: list[str], ruled: list[str], without: list[str]) -> None:
    rules, unknown = rules_for(markets)

    assert ([rule.market for rule in rules], unknown) == (ruled, without)


def test_every_rule_has_its_source_and_its_day() -> None:
    rules, _ = rules_for([])

    assert len(rules) == 8
    for rule in rules:
        assert rule.source
        assert rule.as_of == READ_ON
        assert rule.safe
        assert rule.not_enough
