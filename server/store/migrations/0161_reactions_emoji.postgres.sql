-- A deleted emoji's reactions are found by its name.
CREATE INDEX reactions_emoji ON reactions (emoji_name);
