"""All SQL of the service. Answers with frozen dataclasses or selects; ORM objects do not leave."""
