"""All of China's places: counties, townships, zones, the corps, and what was once a place.

    record.py    PlaceRecord
    data.py      the data files of this folder as plain values
    extras.py    zones, former places and the corps as records: what no list of administrative places holds
    index.py     names at a position of a text -> places
    towns.py     townships, read a city at a time when they are asked for
    tiers.py     the words by which a place is called: 区, 市, 兵团
    unknown.py   a place that no list holds, by its form
    build.py     makes counties.tsv and towns.zip (by hand)

Nothing is imported here: the reference data need `record` and `data` only.
"""
