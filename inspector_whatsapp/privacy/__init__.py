"""What is kept of people, and what is done about it.

    inventory    one declaration for each table: what, whose, why, how long, and what an erasure does to it
    exporting    a copy of everything of one person's, for them
    erasing      one person is forgotten; `holds` forbid it, `graves` keep what is repeated from coming back
    breach       who is affected by what somebody saw, took, or could read

Each app declares its own in its `privacy.py`; ERASERS names them.
"""
