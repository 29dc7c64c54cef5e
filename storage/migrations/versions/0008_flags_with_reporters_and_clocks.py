"""Flags with several reporters, an outcome, a citation and the clocks of their silence; replies in threads; cards of anything; education notes.

Revision: 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STANDS, LOOKED_AT = sa.text("outcome = 'stands'"), sa.text("remind_at IS NOT NULL")
SETTLED = "('overturned', 'verified', 'closed')"


def upgrade() -> None:
    """Go one step on."""
    op.create_table('flag_reporters',
    sa.Column('workspace_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('flag_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['flag_id'], ['accuracy_flags.id'], name=op.f('fk_flag_reporters_flag_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_flag_reporters_person_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_flag_reporters_workspace_id')),
    sa.PrimaryKeyConstraint('workspace_id', 'flag_id', 'person_id', name=op.f('pk_flag_reporters'))
    )
    with op.batch_alter_table('accuracy_flags', schema=None) as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('citation', sa.String(200), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.String(40), nullable=True))
        batch_op.add_column(sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('quiet_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f('fk_accuracy_flags_request_id'), 'roi_requests', ['request_id'], ['id'])
    op.create_index('ix_accuracy_flags_decided', 'accuracy_flags', ['workspace_id', 'flagged_id', 'decided_at'], postgresql_where=STANDS, sqlite_where=STANDS)
    op.create_index('ix_accuracy_flags_look', 'accuracy_flags', ['workspace_id', 'remind_at'], postgresql_where=LOOKED_AT, sqlite_where=LOOKED_AT)
    with op.batch_alter_table('flag_history', schema=None) as batch_op:
        batch_op.add_column(sa.Column('event', sa.String(40), nullable=True))
    op.execute("UPDATE flag_history SET event = CASE WHEN from_state IS NULL THEN 'reported' WHEN from_state = to_state THEN 'joined' ELSE 'moved' END")
    with op.batch_alter_table('flag_history', schema=None) as batch_op:
        batch_op.alter_column('event', existing_type=sa.String(40), nullable=False)
    op.add_column('notices', sa.Column('thread_ts', sa.String(64), nullable=True))
    op.add_column('workspaces', sa.Column('education_repeats', sa.Integer(), nullable=False, server_default='3'))
    op.add_column('workspaces', sa.Column('education_days', sa.Integer(), nullable=False, server_default='30'))
    op.create_table('education_notes',
    sa.Column('id', KEY, nullable=False),
    sa.Column('workspace_id', KEY, nullable=False),
    sa.Column('person_id', KEY, nullable=False),
    sa.Column('error_type', sa.String(40), nullable=False),
    sa.Column('root_reason', sa.String(40), nullable=False),
    sa.Column('flags', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(200), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_education_notes_person_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_education_notes_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_education_notes'))
    )
    op.create_index('ix_education_notes_person', 'education_notes', ['workspace_id', 'person_id', 'at'])
    op.create_index('ix_education_notes_time', 'education_notes', ['workspace_id', 'at'])
    _remake_stale_cards('task_id', 'subject_id')
    op.execute(
        "INSERT INTO flag_reporters (workspace_id, flag_id, person_id, at) SELECT history.workspace_id, history.flag_id, history.actor_id, min(history.at)"
        " FROM flag_history history JOIN accuracy_flags flag ON flag.id = history.flag_id"
        " WHERE history.event = 'joined' AND history.actor_id <> flag.reported_by_id GROUP BY history.workspace_id, history.flag_id, history.actor_id"
    )
    op.execute(f"UPDATE accuracy_flags SET quiet_since = changed_at, remind_at = changed_at WHERE state NOT IN {SETTLED}")
    for outcome, states in (('stands', "('accepted', 'upheld')"), ('fell', "('overturned')")):
        op.execute(
            f"UPDATE accuracy_flags SET outcome = '{outcome}', decided_at = (SELECT max(history.at) FROM flag_history history"
            f" WHERE history.flag_id = accuracy_flags.id AND history.to_state IN {states} AND history.event = 'moved')"
            f" WHERE EXISTS (SELECT 1 FROM flag_history history WHERE history.flag_id = accuracy_flags.id AND history.to_state IN {states} AND history.event = 'moved')"
        )


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table('flag_history', schema=None) as batch_op:
        batch_op.drop_column('event')
    op.drop_index('ix_accuracy_flags_look', 'accuracy_flags')
    op.drop_index('ix_accuracy_flags_decided', 'accuracy_flags')
    with op.batch_alter_table('accuracy_flags', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_accuracy_flags_request_id'), type_='foreignkey')
        for column in ('request_id', 'citation', 'outcome', 'decided_at', 'quiet_since', 'remind_at'):
            batch_op.drop_column(column)
    op.drop_table('flag_reporters')
    op.drop_index('ix_education_notes_time', 'education_notes')
    op.drop_index('ix_education_notes_person', 'education_notes')
    op.drop_table('education_notes')
    op.drop_column('workspaces', 'education_days')
    op.drop_column('workspaces', 'education_repeats')
    op.drop_column('notices', 'thread_ts')
    _remake_stale_cards('subject_id', 'task_id')


def _remake_stale_cards(was: str, becomes: str) -> None:
    """From cards of tasks to cards of anything, or back; what is noted about tasks stays noted."""
    noted = op.get_bind().execute(sa.text(f"SELECT workspace_id, {was} AS task, version, not_before FROM stale_cards" + (" WHERE subject = 'task'" if was == 'subject_id' else ""))).mappings().all()
    op.drop_index('ix_stale_cards_due', 'stale_cards')
    op.drop_table('stale_cards')
    by_subject = becomes == 'subject_id'
    columns = [sa.Column('subject', sa.String(40), nullable=False)] if by_subject else []
    keys = ('workspace_id', 'subject', 'subject_id') if by_subject else ('workspace_id', 'task_id')
    points = [] if by_subject else [sa.ForeignKeyConstraint(['task_id'], ['review_tasks.id'], name=op.f('fk_stale_cards_task_id'))]
    op.create_table('stale_cards',
    sa.Column('workspace_id', KEY, nullable=False),
    *columns,
    sa.Column(becomes, KEY, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    *points,
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_stale_cards_workspace_id')),
    sa.PrimaryKeyConstraint(*keys, name=op.f('pk_stale_cards'))
    )
    op.create_index('ix_stale_cards_due', 'stale_cards', ['not_before'])
    names, values = ('workspace_id, subject, subject_id', ":workspace_id, 'task', :task") if by_subject else ('workspace_id, task_id', ':workspace_id, :task')
    for row in noted:
        op.get_bind().execute(sa.text(f"INSERT INTO stale_cards ({names}, version, not_before) VALUES ({values}, :version, :not_before)"), dict(row))
