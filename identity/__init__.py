"""What SQL cannot do for OneID: phone numbers, components, evaluation. Opens no file and no database."""
