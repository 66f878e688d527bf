"""Reads Parquet files with pyarrow, DuckDB and Polars and compares what the three see.

    python read_parquet.py FILE...

Prints {path: {rows, columns: {name: {nulls, sum | true | bytes}}, metadata}} as JSON and
exits with 1 when the three disagree about a file, with 2 when one of them cannot read it.
A float column's sum is over its finite values; text is summed up as its length in UTF-8.
"""

import json
import math
import sys

import duckdb
import polars
import pyarrow
import pyarrow.parquet


def summary(name, values):
    """Sums up one column, given as a list of Python values with None for null."""
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if len(kinds) > 1:
        raise ValueError(f"column {name!r} mixes {sorted(kind.__name__ for kind in kinds)}")
    summed = {"nulls": len(values) - len(present)}
    if kinds == {float}:
        finite = [value for value in present if math.isfinite(value)]
        # Exact, so that the order in which a reader gives the rows cannot matter.
        summed |= {"sum": math.fsum(finite), "non_finite": len(present) - len(finite)}
    elif kinds == {bool}:
        summed |= {"true": sum(present)}
    elif kinds == {int}:
        summed |= {"sum": sum(present)}
    elif kinds == {str}:
        summed |= {"bytes": sum(len(value.encode()) for value in present)}
    elif kinds:
        raise ValueError(f"column {name!r} holds {kinds.pop().__name__}")
    return summed


def table(names, columns, metadata):
    return {
        "rows": len(columns[0]) if columns else 0,
        "columns": {name: summary(name, column) for name, column in zip(names, columns)},
        "metadata": metadata,
    }


def text(pairs):
    return {bytes(key).decode(): bytes(value).decode() for key, value in pairs.items()}


def own(metadata):
    """The metadata that the writer set, without the Arrow schema that the format adds."""
    return {key: value for key, value in sorted(metadata.items()) if key != "ARROW:schema"}


def by_pyarrow(path):
    read = pyarrow.parquet.read_table(path)
    of_schema = text(read.schema.metadata or {})
    of_file = own(text(pyarrow.parquet.read_metadata(path).metadata or {}))
    if of_schema != of_file:
        raise ValueError(f"schema metadata {of_schema} differs from file metadata {of_file}")
    return table(read.column_names, [column.to_pylist() for column in read.columns], of_schema)


def by_duckdb(path):
    connection = duckdb.connect()
    cursor = connection.execute("SELECT * FROM read_parquet(?)", [path])
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    columns = [list(column) for column in zip(*rows)] if rows else [[] for _ in names]
    query = "SELECT key, value FROM parquet_kv_metadata(?)"
    pairs = dict(connection.execute(query, [path]).fetchall())
    return table(names, columns, own(text(pairs)))


def by_polars(path):
    read = polars.read_parquet(path)
    metadata = own(polars.read_parquet_metadata(path))
    return table(read.columns, [column.to_list() for column in read.get_columns()], metadata)


def main(paths):
    report, disagreements = {}, []
    for path in paths:
        seen = {}
        for reader in (by_pyarrow, by_duckdb, by_polars):
            try:
                seen[reader.__name__] = reader(path)
            except Exception as error:
                print(f"{path}: {reader.__name__}: {error}", file=sys.stderr)
                return 2
        report[path] = seen["by_pyarrow"]
        for name, view in seen.items():
            if view != report[path]:
                disagreements.append(f"{path}: {name} saw {view}, by_pyarrow {report[path]}")
    print(json.dumps(report, indent=2, sort_keys=True))
    for line in disagreements:
        print(line, file=sys.stderr)
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
