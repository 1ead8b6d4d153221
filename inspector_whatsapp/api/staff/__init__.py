"""What admins see and do by programs: the console's affairs, by the same verbs and rights."""
