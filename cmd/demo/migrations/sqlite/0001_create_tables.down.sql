DROP TABLE "comments";

DROP TABLE "notes";

DROP TABLE "projects";
