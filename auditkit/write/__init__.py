"""What a run leaves behind: results.json, the two tables, and a folder that is there whole or not at all."""

from auditkit.write.folder import check_target, leave_unharmed, write_file, write_folder
from auditkit.write.results import SCHEMA, as_written, parse_results, read_results, results_json
from auditkit.write.tables import estimates_csv, gaps_csv

__all__ = [
    "SCHEMA",
    "as_written",
    "check_target",
    "estimates_csv",
    "gaps_csv",
    "leave_unharmed",
    "parse_results",
    "read_results",
    "results_json",
    "write_file",
    "write_folder",
]
