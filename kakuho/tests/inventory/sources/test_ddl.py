"""Schema and samples out of SQL text, as the dump programs write it."""

from __future__ import annotations

from kakuho.inventory.sources.ddl import guess_dialect, read_ddl
from kakuho.inventory.sources.model import ForeignKey, SourceSchema

POSTGRESQL = """\
--
-- PostgreSQL database dump
--
\\restrict abc
CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $$ SELECT ';'; CREATE TABLE no (id int); $$;
CREATE TABLE public.customer (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    birth_date date
);
COMMENT ON TABLE public.customer IS '顧客';
COMMENT ON COLUMN public.customer.name IS '氏名';
CREATE TABLE sales."order" (id bigint NOT NULL, customer_id bigint NOT NULL);
COPY public.customer (id, name, birth_date) FROM stdin;
1\t山田; 花子\t1980-01-02
2\tO'Neil\\tx\t\\N
\\.
ALTER TABLE ONLY public.customer ADD CONSTRAINT customer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customer ADD CONSTRAINT customer_name_key UNIQUE (name);
ALTER TABLE ONLY sales."order" ADD CONSTRAINT f FOREIGN KEY (customer_id) REFERENCES public.customer(id);
"""
MYSQL = """\
-- MySQL dump 10.13  Distrib 8.0.22
/*!40101 SET NAMES utf8 */;
CREATE TABLE `patient` (
  `id` int(11) NOT NULL AUTO_INCREMENT COMMENT '番号',
  `shimei` varchar(50) NOT NULL,
  `photo` longblob,
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`shimei`),
  KEY `k` (`shimei`(10))
) ENGINE=InnoDB COMMENT='患者';
LOCK TABLES `patient` WRITE;
/*!40000 ALTER TABLE `patient` DISABLE KEYS */;
INSERT INTO `patient` VALUES (1,'佐藤 \\'太郎\\'; x',_binary 'abc'),(2,'鈴木 ''花子''',NULL),(3,'a\\\\',NULL);
UNLOCK TABLES;
CREATE TABLE `visit` (`id` int NOT NULL, `patient_id` int,
  CONSTRAINT `f` FOREIGN KEY (`patient_id`) REFERENCES `patient` (`id`));
"""


def read(text: str) -> SourceSchema:
    return read_ddl(text.splitlines(keepends=True), "dump", guess_dialect(text))


def test_a_plain_pg_dump() -> None:
    schema = read(POSTGRESQL)
    assert [table.name for table in schema.tables] == ["customer", "sales.order"]
    customer = schema.table("customer")
    assert (customer.primary_key, customer.unique, customer.comment) == (("id",), (("name",),), "顧客")
    assert [(column.name, column.nullable, column.comment) for column in customer.columns] == [
        ("id", False, ""), ("name", False, "氏名"), ("birth_date", True, ""),
    ]  # fmt: skip
    assert customer.columns[1].samples == ("山田; 花子", "O'Neil\tx")
    assert schema.table("sales.order").foreign_keys == (ForeignKey(("customer_id",), "customer", ("id",)),)


def test_a_mysqldump() -> None:
    schema = read(MYSQL)
    assert schema.dialect == "mysql"
    patient = schema.table("patient")
    assert (patient.primary_key, patient.unique, patient.comment) == (("id",), (("shimei",),), "患者")
    assert patient.columns[1].samples == ("佐藤 '太郎'; x", "鈴木 '花子'", "a\\")
    assert schema.table("visit").foreign_keys == (ForeignKey(("patient_id",), "patient", ("id",)),)


def test_a_statement_that_no_parser_takes_is_read_by_its_outline() -> None:
    schema = read(
        "CREATE TABLE strange (id int4 PRIMARY KEY, shimei varchar(9) FROBNICATE (a, b) WIBBLE, tel text ???);"
    )
    assert [column.name for column in schema.table("strange").columns] == ["id", "shimei", "tel"]


def test_samples_are_bounded_and_in_no_repr() -> None:
    rows = ",".join(f"({number},'somebody-{number}',NULL)" for number in range(1000))
    schema = read(MYSQL.replace("(1,'佐藤", f"{rows},(1,'佐藤"))
    assert len(schema.table("patient").columns[1].samples) == 200
    assert "somebody" not in repr(schema)


def test_nothing_of_a_dump_is_executed() -> None:
    schema = read(
        "\\! touch /tmp/owned\nCREATE TABLE a (id int);\nDROP TABLE a;\nCOPY a TO PROGRAM 'touch /tmp/owned';"
    )
    assert [table.name for table in schema.tables] == ["a"]
