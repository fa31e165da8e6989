"""Where concrete classes are chosen: the database, the model, the mail server. Nowhere else."""

from kbportal.wiring.backups import (
    make_backup,
    newest_schema,
    restore_backup,
)
from kbportal.wiring.index import (
    HASHING_MODEL,
    NO_MODEL,
    build_index,
    choose_embedder,
    learn_from_tickets,
    read_articles,
    read_changed_articles,
)
from kbportal.wiring.keeping import (
    forget_person,
    retention_of,
    retention_places,
    sweep_old,
)
from kbportal.wiring.letters import (
    OUTGOING,
    choose_carrier,
    hire_postman,
    mail_lock,
    mail_office,
    write_digests,
)
from kbportal.wiring.portal import (
    ATTACHMENTS,
    Portal,
    build_portal,
    open_database,
    open_reports,
)
from kbportal.wiring.upkeep import (
    count_gaps_apart,
    gaps_lock,
    hire_bookkeeper,
    look_tickets_up,
)

__all__ = [
    "ATTACHMENTS",
    "HASHING_MODEL",
    "NO_MODEL",
    "OUTGOING",
    "Portal",
    "build_index",
    "build_portal",
    "choose_carrier",
    "choose_embedder",
    "count_gaps_apart",
    "forget_person",
    "gaps_lock",
    "hire_bookkeeper",
    "hire_postman",
    "learn_from_tickets",
    "look_tickets_up",
    "mail_lock",
    "mail_office",
    "make_backup",
    "newest_schema",
    "open_database",
    "open_reports",
    "read_articles",
    "read_changed_articles",
    "restore_backup",
    "retention_of",
    "retention_places",
    "sweep_old",
    "write_digests",
]
