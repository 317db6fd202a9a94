"""Who gets a lead: territories and skills, suggestions, rules, the pool, answers in time, sharing."""
