"""The trade's words for the same thing, as customers type them: where a shop's own table begins."""

from django.db import migrations

# One group a line. A group says «who types this also means that»; staff edit the table from here on.
GROUPS = """
correo, email, e-mail, mail, correo electrónico, mensaje de correo
contraseña, clave, password, pass, clave de acceso, credenciales
olvidé la contraseña, recuperar contraseña, restablecer contraseña, cambiar contraseña, he perdido la clave, no recuerdo la contraseña
dominio, nombre de dominio, url propia
dominio propio, dominio personalizado, mi propio dominio
DNS, registros DNS, zona DNS, resolución de nombres
nameserver, servidor de nombres, servidores de nombres, servidores DNS, NS
apuntar, señalar, redireccionar dominio, enlazar dominio, conectar dominio, vincular dominio
web, sitio, sitio web, página web, website
web caída, caída del sitio, no carga la web, web no funciona, sitio no disponible, no abre la página
alojamiento, hosting, host, plan de alojamiento
panel, panel de control, cpanel, plesk, área de cliente, centro de administración, consola
copia de seguridad, backup, respaldo, copia, instantánea, snapshot
restaurar, recuperar, volver a una versión anterior, deshacer, revertir, rollback
borrar, eliminar, quitar, suprimir, dar de baja
borrado, eliminado, perdido, desaparecido
mover, migrar, trasladar, transferir, mudar, importar, cambiar de proveedor, llevar
migración, traslado, transferencia, mudanza
añadir, agregar, crear, dar de alta, incorporar, sumar
configurar, ajustar, preparar, poner en marcha, parametrizar
configuración, ajustes, preferencias, opciones, parámetros, settings
certificado, SSL, TLS, HTTPS, candado, certificado de seguridad
conexión no es privada, sitio no seguro, no es seguro, certificado caducado, conexión no segura, aviso de seguridad del navegador
Let's Encrypt, certificado gratuito, certificado gratis, SSL gratis
caducar, vencer, expirar, fecha del certificado, caducidad, vencimiento, expiración
redirigir, redirección, redireccionar, redirect, 301, reenviar dirección
reenviar, reenvío, desviar, redirigir correo, forward
adjunto, archivo adjunto, datos adjuntos, fichero adjunto, attachment
pesado, grande, tamaño, ocupa mucho, demasiado grande
archivo, fichero, documento
carpeta, directorio
subir, cargar, upload, publicar
descargar, download
spam, correo no deseado, correo basura, junk, basura, publicidad
phishing, suplantación, suplantación de identidad, fraude, estafa, correo falso
virus, malware, software malintencionado, troyano, infección, infectado
hackear, piratear, hackeado, pirateada, comprometida, en peligro, han entrado en la cuenta, robado, intrusión, cuenta robada
buzón, casilla, cuenta de correo, mailbox
buzón lleno, sin espacio, cuota superada, almacenamiento lleno, límite de almacenamiento
bandeja de entrada, inbox, imbox, entrada
respuesta automática, fuera de oficina, autorespuesta, contestador, vacaciones, out of office, autoresponder, aviso de ausencia
firma, pie de correo, firma de correo, signature
lista de correo, lista de distribución, grupo de distribución, mailing, mailman, newsletter, boletín
campaña, newsletter, boletín, mailing, envío masivo, mailtrain
alias, dirección alternativa, segunda dirección, otro correo
rebotar, rebotado, devuelto, vuelve, informe de no entrega, NDR, error de entrega, mensaje devuelto
no llega, no recibo, no me llegan, no se recibe, problemas de entrega, no entregado
no se envía, no puedo enviar, no sale el correo, no envía
cola, retrasado, retraso, en cola, tarda en llegar, demora
bloquear, bloqueado, restringido, inhabilitar, deshabilitar, deshabilitado, desactivar
desbloquear, quitar bloqueo, rehabilitar, reactivar
bloquear acceso, bloquear el inicio de sesión, cerrar el acceso, quitar acceso, revocar acceso, que ya no pueda entrar
empleado se ha ido, empleado marchado, exempleado, dejó la empresa, baja de un empleado, antiguo empleado, eliminar usuario
portátil perdido, móvil perdido, dispositivo perdido, dispositivo robado, me han robado el móvil
usuario, cuenta, cuenta de usuario, perfil
iniciar sesión, entrar, login, acceder, loguearse, log in, acceso, identificarse
cerrar sesión, salir, logout, me echa, me expulsa, desconectar
sesión caduca, me saca de la cuenta, cierra la sesión, pierden la sesión
código, PIN, código de verificación, código de un solo uso, token
doble factor, 2FA, verificación en dos pasos, autenticación multifactor, MFA, TFA, dos factores, autenticación en dos pasos, authenticator
contraseña de aplicación, clave de aplicación, app password
permiso, privilegio, derechos, autorización, rol
administrador, admin, superusuario, root, propietario
factura, recibo de pago, comprobante, invoice, ticket de compra
facturación, cobro, cargo bancario
pagar, pago, abonar, cobrar, abono, liquidar
tarjeta, tarjeta de crédito, tarjeta bancaria, visa, mastercard, forma de pago, medio de pago, instrumento de pago
tarjeta rechazada, pago rechazado, no se ha podido cobrar, pago fallido, cargo rechazado, tarjeta denegada, tarjeta bloqueada
saldo pendiente, impago, deuda, vencido, moroso, importe pendiente
reembolso, devolución, devolver dinero, devolver el dinero, refund, abonar de vuelta
cancelar, anular, dar de baja, baja, darse de baja, rescindir, terminar
suscripción, plan, licencia, tarifa
cambiar de plan, ampliar plan, subir de plan, actualizar plan, upgrade, mejorar plan, más licencias
precio, coste, costo, tarifa, cuánto cuesta, importe
renovar, prorrogar, extender, renovación automática
datos fiscales, CIF, NIF, razón social, identificador fiscal, IVA, impuestos, VAT
prueba gratuita, trial, versión de prueba, periodo de prueba
licencia, asignar licencia, producto asignado
clave de producto, número de serie, serial, product key, código de activación
activar, activación, habilitar, encender, dar de alta
instalar, instalación, setup, montar
desinstalar, quitar programa, eliminar aplicación
actualizar, actualización, update, poner al día, nueva versión, upgrade
ordenador, PC, equipo, computadora, portátil, computador, sobremesa
móvil, teléfono, smartphone, celular, dispositivo móvil, iphone, android
iphone, ipad, iOS, apple
mac, macOS, apple, macbook
formatear, restablecer el equipo, reinstalar windows, comienzo de cero, empezar de cero, restaurar de fábrica
se cierra solo, se bloquea, se cuelga, crash, se congela, deja de funcionar, no se inicia, no se abre, no arranca, no responde, bloqueo
lento, lentitud, tarda mucho, va lento, rendimiento, velocidad, optimizar, acelerar
pantalla azul, BSOD, error de detención
pantalla blanca, pantalla en blanco, página en blanco, error fatal
pantalla negra, no enciende, sin imagen
impresora, imprimir, printer, impresión
escáner, escanear, digitalizar, multifunción
wifi, wi-fi, red inalámbrica, inalámbrico, wireless
internet, red, conectividad, conexión a internet
sin conexión, offline, no hay internet, no conecta
audio, sonido, micrófono, altavoz, auriculares
cámara, webcam, vídeo
videollamada, videoconferencia, reunión, meet, zoom, jitsi, conferencia, llamada
reunión, meeting, cita, convocatoria
chat, mensajería, mensajería instantánea, mensaje instantáneo, XMPP, jabber
cifrado, encriptado, encriptar, cifrar, encriptación
calendario, agenda, eventos, citas, CalDAV
contactos, libreta de direcciones, agenda de contactos, CardDAV, libreta
compartido, compartir, share, colaborar, entre varios
editar a la vez, entre varios, colaborativo, colaboración, en grupo, pads, edición simultánea, coautoría, varios a la vez
pad, etherpad, cryptpad, bloc colaborativo, documento compartido
sincronizar, sincronización, sync, poner al día
nube, cloud, drive, onedrive, nextcloud, almacenamiento en línea
disco, almacenamiento, espacio, cuota, capacidad
liberar espacio, limpiar disco, disco lleno, sin espacio en disco, falta de espacio
papelera, elementos eliminados, reciclaje, papelera de reciclaje
historial de versiones, versión anterior, versiones anteriores, recuperar versión
enlace, link, vínculo, hipervínculo, URL
base de datos, mysql, mariadb, phpmyadmin, BD, BBDD, database
wordpress, WP, blog, CMS
plugin, extensión, complemento, módulo, add-on
plantilla, tema, theme, diseño
tienda, tienda online, ecommerce, comercio electrónico, magento, adobe commerce, prestashop, woocommerce, commerce
carrito, cesta, carro de compra, carro de compras, cart, carro
finalizar compra, checkout, pasar por caja, proceso de compra, pantalla de pago, cierre de compra
pedido, orden, compra, encargo
producto, catálogo, SKU
no aparece, no se muestra, no sale, desaparecido, falta, invisible
cliente, comprador, usuario de la tienda
envío, transporte, gastos de envío, shipping
pasarela de pago, paypal, braintree, TPV, stripe, redsys, método de pago
cupón, descuento, promoción, código promocional, regla de precio
inventario, stock, existencias, cantidad disponible
indexar, indexador, reindexar, índice, indexer
buscador, búsqueda, elasticsearch, opensearch, buscar
caché, cache, varnish, fastly, CDN, vaciar caché, purgar
modo mantenimiento, mantenimiento, en obras, sitio en construcción
error 500, error interno, internal server error, error del servidor
error 503, service unavailable, servicio no disponible, 503
error 502, bad gateway, 504, gateway timeout, tiempo de espera agotado, timeout
error 404, página no encontrada, not found, no encontrado
error 403, acceso denegado, forbidden, prohibido, no autorizado
registro, log, logs, registros de error, bitácora
servidor, VPS, máquina virtual, instancia, máquina
nodo, instancia, clúster
reiniciar, restart, reboot, apagar y encender
FTP, SFTP, FTPS, filezilla, subir archivos, cliente FTP
SSH, terminal, línea de comandos, consola, shell, putty
clave SSH, llave SSH, clave pública, llave pública, claves SSH
PHP, versión de PHP, intérprete PHP
límite de memoria, memory limit, memory_limit, falta de memoria, memoria agotada, out of memory
tarea programada, cron, cronjob, tarea automática, crontab
VPN, red privada, red privada virtual, wireguard, openvpn, túnel
cortafuegos, firewall, WAF, reglas de bloqueo
IP, dirección IP, IP bloqueada, lista blanca, lista de permitidos
MX, registro MX, registros de correo, entrada MX
SPF, registro SPF, remitente autorizado
DKIM, firma DKIM, DMARC, autenticación del correo
TXT, registro TXT, verificar dominio, comprobar el dominio
CNAME, registro CNAME, subdominio
subdominio, dominio secundario, dominio adicional
transferir dominio, código de autorización, auth code, EPP, cambiar de registrador, traslado de dominio
registrador, godaddy, registrar, agente registrador
propagación, TTL, tarda el DNS, propagación DNS
IMAP, POP, POP3, SMTP, servidor de correo, servidor entrante, servidor saliente
outlook, programa de correo, cliente de correo
thunderbird, programa de correo, cliente de correo
gmail, google, google workspace
webmail, correo web, outlook en la web, roundcube, rainloop
webmail, correo por navegador, leer el correo en internet
pide la contraseña, solicita contraseña, mensajes repetidos de contraseña, vuelve a pedir la clave, contraseña una y otra vez
navegador, chrome, firefox, edge, safari, explorador
cookies, caché del navegador, historial del navegador, datos de navegación
captura, captura de pantalla, pantallazo, screenshot, imagen de pantalla
imagen, foto, fotografía, logo, logotipo
vídeo, película, youtube, streaming
encuesta, formulario, cuestionario, forms
hoja de cálculo, excel, planilla, calc
word, procesador de textos, documento de texto
powerpoint, presentación, diapositivas
PDF, acrobat, documento PDF
office, microsoft 365, office 365, M365, O365, ofimática
teams, microsoft teams, equipo de trabajo
sharepoint, sitio de equipo, intranet
regla, filtro, filtrar, clasificar correo
eDiscovery, retención, archivado, auditoría, conservar
archivar, archivo histórico, archivo en línea
soporte, asistencia, atención al cliente, servicio técnico, ayuda
ticket, tique, incidencia, consulta, petición, solicitud
contacto, contactar, hablar con alguien, llamar
teléfono, llamar, número de atención
nombre, cambiar nombre, renombrar, nombre para mostrar, apellido
idioma, lengua, traducir, traducción, español
zona horaria, hora, huso horario, fecha y hora
notificación, aviso, alerta, notificaciones
invitado, usuario externo, personas externas, fuera de la organización, externo
grupo, departamento
entorno de pruebas, staging, ensayo, integración, desarrollo, sandbox
desplegar, despliegue, implementación, implementar, deploy, implantar, publicar cambios
producción, live, entorno real
rama, branch, git, repositorio
parche, patch, corrección, revisión
código postal, dirección postal, domicilio
exportar, volcar, volcado, dump, extraer
importar, traer datos
conectar, vincular, enlazar, emparejar
bluetooth, emparejar, inalámbrico
teclado, ratón, touchpad
batería, no carga la batería
controlador, driver, drivers
arranque, arrancar, encender
fuente, tipografía, letra, tipo de letra
texto, letra pequeña, tamaño de letra
tráfico, visitas, estadísticas, analítica, informe de uso, analytics
robots, bots, rastreador, araña, crawler
SEO, posicionamiento, google no encuentra, buscadores
correo masivo, envío excesivo, límite de envío, demasiados correos
lista negra, blacklist, listas de bloqueo, remitente bloqueado
remitente, quien envía, de parte de, from
destinatario, receptor, a quien va
enviar como, enviar en nombre de, delegado, delegar, delegación
buzón compartido, correo compartido, cuenta común, buzón de grupo
seguridad, protección, proteger, privacidad
protección de datos, RGPD, GDPR, datos personales, LOPD
baja definitiva, cerrar la cuenta, eliminar mi cuenta, borrar cuenta
empresa, organización, compañía, negocio, inquilino
enviar, mandar, remitir
responder, contestar, respuesta
escribir, redactar
fallar, fallo, error, avería, no funciona, no va
arreglar, solucionar, corregir, reparar, resolver, solución de problemas
cambiar, modificar, editar, sustituir, reemplazar
comprobar, revisar, validar
detener, parar, interrumpir, suspender
aumentar, ampliar, incrementar
reducir, disminuir, acortar
guardar, almacenar, conservar
comprar, adquirir, contratar
antiguo, viejo, anterior
unir, combinar, fusionar, juntar
mostrar, visualizar, aparecer
mandando publicidad, enviando spam, envía correo solo, envío excesivo, cuenta que envía spam
se cierra solo, se cierra al abrirlo, se cierra inesperadamente, cierre inesperado
compañero, empleado, trabajador, usuario
pestaña, ventana
borrador, mensaje sin enviar
"""


def add_groups(apps, schema_editor):
    from docs_kb.words import stems

    synonym = apps.get_model("docs_kb", "Synonym")
    rows = [line.strip() for line in GROUPS.strip().splitlines()]
    synonym.objects.bulk_create(
        synonym(
            words=row,
            stems="\n".join(dict.fromkeys(" ".join(stems(words)) for words in row.split(","))),
        )
        for row in rows
    )


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0002_search_tables")]
    operations = [migrations.RunPython(add_groups, migrations.RunPython.noop)]
