"""One file a step; each must suit the code that runs while it is applied."""
