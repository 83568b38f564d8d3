"""Seeing how a programme goes: measures, curves, their uncertainty, what to do. From buttons, logs and schedules alone.

`measures` names every figure with its formula and unit; `estimates` says how sure it is; `curves` are those over time;
`equity` looks at groups, above a least size; `learning` at what went with good outcomes; `report` puts all together.
"""
