"""The buying report as a FastAPI service over SQLAlchemy, which runs the same SQL on PostgreSQL."""
import os

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["REPORT_DATABASE"], pool_size=8)
PERIOD = {"first": int(os.environ["REPORT_FIRST"]), "last": int(os.environ["REPORT_LAST"])}
STATEMENT = text("SELECT * FROM api.buying_report(:customer, :first, :last)")
app = FastAPI()


class Question(BaseModel):
    CustomerID: int


@app.post("/api/v1/CustomerBuyingReport")
def buying_report(question: Question) -> Response:
    with engine.connect() as connection:
        rows = connection.execute(STATEMENT, {"customer": question.CustomerID, **PERIOD}).mappings().all()
    return JSONResponse({"BuyingReportList": [dict(row) for row in rows]})
