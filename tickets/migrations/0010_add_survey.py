"""Ask how it went; say since when a ticket stands where it stands, and what it waits for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0009_join_mails'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='forecast_at',
            field=models.DateTimeField(blank=True, help_text='Lo lee el cliente cuando vamos con retraso; se borra al contestar.', null=True, verbose_name='nueva previsión'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='reminded_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='Cuándo se recordó al cliente que esperamos.', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='status_since',
            field=models.DateTimeField(blank=True, editable=False, help_text='Desde cuándo está en este estado.', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='waiting_note',
            field=models.CharField(blank=True, db_default='', default='', help_text='Lo lee el cliente mientras el ticket espera a un tercero.', max_length=200, verbose_name='de qué dependemos'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('opened', 'Ticket abierto'), ('replied', 'Respuesta'), ('noted', 'Nota interna'), ('status', 'Cambio de estado'), ('assigned', 'Asignación'), ('priority', 'Prioridad'), ('subject', 'Asunto'), ('file_refused', 'Archivo rechazado'), ('link_opened', 'Enlace abierto'), ('spam', 'Spam'), ('merged', 'Tickets unidos'), ('rated', 'Valoración'), ('forecast', 'Nueva previsión'), ('reminded', 'Recordatorio')], max_length=20, verbose_name='qué'),
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resolved_at', models.DateTimeField(help_text='De qué resolución del ticket se opina.', verbose_name='resuelto')),
                ('rating', models.CharField(blank=True, choices=[('good', 'Bien'), ('fair', 'Regular'), ('bad', 'Mal')], max_length=10, verbose_name='valoración')),
                ('comment', models.TextField(blank=True, verbose_name='comentario')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='creada')),
                ('asked_at', models.DateTimeField(blank=True, help_text='Cuándo se pidió por correo; vacío si no se pidió.', null=True, verbose_name='enviada')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='contestada')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='surveys', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'valoración',
                'verbose_name_plural': 'valoraciones',
                'ordering': ['-resolved_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('rating', ''), _negated=True), fields=['rating', '-answered_at'], name='survey_rating')],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'resolved_at'), name='survey_once_per_resolution')],
            },
        ),
    ]
