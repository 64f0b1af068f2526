-- The last word on a command whose answer was lost: its answer if it was done; otherwise it will never be. A sending that is still
-- at work is waited for, and one that arrives later (held back by a line that was silent) meets its number taken and does nothing.
create or replace function cc.give_up_command(command uuid) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); l command_log;
begin
  perform need(command is not null, 'CC422', '没有命令编号');
  perform pg_advisory_xact_lock(hashtext(session_user), hashtext(command::text) & 1023);
  select * into l from command_log where id = command;
  if l.id is null then
    insert into command_log (district_id, id, actor_id, answer) values (actor.district_id, command, actor.id, '{"given_up": true}');
  end if;
  return case when l.actor_id = actor.id and not l.answer ? 'given_up' then l.answer end;
end $$;
