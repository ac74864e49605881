import type pg from "pg";

/** What stands in a database, by name (`column usage_event.day`), each with its definition. */
export type Catalog = Map<string, CatalogEntry>;

export interface CatalogEntry {
  definition: string;
  /** True when Prisma's schema has no words for it, so that only a migration can make it. */
  beyondPrisma: boolean;
}

/**
 * Reads PostgreSQL's own catalog of the schema `public`. A partitioned table counts as one table, its partitions
 * are skipped: they come and go while the portal runs. Prisma's own table of migrations is skipped as well.
 */
export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const { rows } = await client.query<{ name: string; definition: string; beyond: boolean }>(CATALOG_QUERY);
  return new Map(rows.map((row) => [row.name, { definition: row.definition, beyondPrisma: row.beyond }]));
}

const CATALOG_QUERY = `
with our_table as (
  select c.oid, c.relname, c.relkind from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> '_prisma_migrations'
)
select 'table ' || relname as name, 'table' as definition, false as beyond from our_table
union all
select 'partitions ' || relname, pg_get_partkeydef(oid), true from our_table where relkind = 'p'
union all
select 'column ' || t.relname || '.' || a.attname,
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
    'default ' || pg_get_expr(d.adbin, d.adrelid), nullif('identity ' || a.attidentity::text, 'identity '),
    nullif('generated ' || a.attgenerated::text, 'generated ')),
  false
from our_table t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
union all
select 'index ' || i.relname, replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON '),
  x.indpred is not null or x.indexprs is not null or x.indnullsnotdistinct or x.indnatts > x.indnkeyatts
from our_table t join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
where not x.indisprimary
union all
select case k.contype when 'p' then 'primary key ' when 'f' then 'foreign key ' when 'u' then 'unique '
    when 'x' then 'exclusion ' else 'check ' end || t.relname || '.' || k.conname,
  pg_get_constraintdef(k.oid), k.contype in ('c', 'x')
from our_table t join pg_constraint k on k.conrelid = t.oid
where k.contype in ('p', 'f', 'u', 'x', 'c') and k.conparentid = 0
union all
select 'trigger ' || t.relname || '.' || g.tgname, pg_get_triggerdef(g.oid), true
from our_table t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal
union all
select 'function ' || p.proname, string_agg(pg_get_functiondef(p.oid), ' ' order by p.oid), true from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
group by p.proname
union all
select 'view ' || relname, pg_get_viewdef(oid), true from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
union all
select 'sequence ' || relname, 'sequence', false from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'S'
union all
select 'type ' || t.typname, string_agg(e.enumlabel, ', ' order by e.enumsortorder), false
from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = 'public'::regnamespace group by t.typname
union all
select 'extension ' || extname, 'extension', true from pg_extension where extname <> 'plpgsql'
order by 1`;
