"""`forecourt identity evaluate` on one's own files: people, figures, faults said in one sentence."""

import json

import pyarrow.csv as csv

RECORDS = """record_id,source,given_name,family_name,birth_date,email,phone,shoe_size
1,crm,Johanna,Lindqvist,1980-02-01,johanna.lindqvist@posteo.de,0171 2345678,38
2,app,Johanna,Lindqvist,,Johanna.Lindqvist@posteo.de,,38
3,service,Johanna,Lindqvist,01.02.1980,,+49 171 2345678,39
4,crm,Bertram,Okonkwo,1955-07-09,bertram.okonkwo@gmx.net,0160 9998877,44
5,app,Bertram,Okonkwo,1955-07-09,bertram.okonkwo@gmx.net,,44
6,crm,Zoltan,Ferrari,not known,z.ferrari@web.de,,45
"""
TRUTH = "record_id,person_id\n1,A\n2,A\n3,A\n4,B\n5,B\n6,C\n"


def test_files_become_people_figures_and_a_list_of_clusters(forecourt, tmp_path):
    (tmp_path / "records.csv").write_text(RECORDS)
    (tmp_path / "truth.csv").write_text(TRUTH)
    arguments = (tmp_path / "records.csv", "--truth", tmp_path / "truth.csv")
    done = forecourt("identity", "evaluate", *arguments, "--clusters", tmp_path / "out.csv", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["records"], said["people"], said["clusters"]) == (6, 3, 3)
    assert said["pairwise"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert said["largest_cluster"] == 3
    assert said["seconds"] > 0
    assert said["peak_memory_bytes"] > 2**26
    assert any("shoe_size" in note for note in said["notes"])
    assert any("1 birth dates are no dates" in note and "not known" in note for note in said["notes"])
    found = csv.read_csv(tmp_path / "out.csv").to_pylist()
    people = {}
    for row in found:
        people.setdefault(row["one_id"], set()).add(row["record_id"])
    assert sorted(map(sorted, people.values())) == [[1, 2, 3], [4, 5], [6]]


def test_a_file_that_cannot_be_used_ends_with_one_sentence(forecourt, tmp_path):
    (tmp_path / "records.csv").write_text("id,email\n1,a@x.org\n")
    (tmp_path / "truth.csv").write_text(TRUTH)
    done = forecourt("identity", "evaluate", tmp_path / "records.csv", "--truth", tmp_path / "truth.csv")
    assert done.returncode == 1
    assert "has no column record_id" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
