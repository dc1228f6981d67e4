"""The trade's words as customers type them, second edition: three times the phrases, and the words that only
guides say behind a «>». What staff changed of the first edition stays as it is.
"""

from importlib import import_module

from django.db import migrations

GROUPS = """
# --- correo: palabras
correo, email, e-mail, mail, correo electrónico
contraseña, clave, password, pass, clave de acceso, credenciales
olvidé la contraseña, recuperar contraseña, restablecer contraseña, cambiar contraseña, he perdido la clave, no recuerdo la contraseña, no recuerdo la clave, no me acuerdo de la contraseña, no me acuerdo de la clave, se me ha olvidado la contraseña, contraseña olvidada, clave olvidada, nueva contraseña, no sé la contraseña, no sé la clave, resetear la contraseña, restablecimiento de contraseña
contraseña incorrecta, clave incorrecta, no acepta la contraseña, rechaza la contraseña, me dice que la clave está mal, no coge la contraseña
dominio, nombre de dominio, url propia
dominio propio, dominio personalizado, mi propio dominio
DNS, registros DNS, zona DNS, resolución de nombres, registros del dominio
nameserver, servidor de nombres, servidores de nombres, servidores DNS, NS
apuntar, señalar > redireccionar dominio, enlazar dominio, conectar dominio, vincular dominio
apuntar el dominio, dominio en otra empresa, dominio comprado en otra empresa, dominio comprado en otro sitio, dominio en otro proveedor, dominio externo, configurar los DNS, DNS que apunten al servidor, que el dominio lleve a la web, registro de tipo A
comprar dominio, registrar dominio, contratar dominio, conseguir dominio, dar de alta un dominio, activar dominio, dominio nuevo, consigue tu dominio
transferir dominio, transferencia de dominio, código de autorización, auth code, EPP, cambiar de registrador, traslado de dominio, portabilidad de dominio, llevarme el dominio, traer el dominio, pasar el dominio, mover el dominio
expiración del dominio, dominio caducado, caducidad del dominio, dominio a punto de caducar, renovar el dominio, se acaba el dominio, perder el dominio, vence el dominio, el nombre de la web se acaba, renovar la dirección de la web
nombre del servidor, hostname, FQDN, nombre de la máquina
registrador, registrar, agente registrador
propagación, TTL, tarda el DNS, propagación DNS
subdominio, dominio secundario, dominio adicional
MX, registro MX, registros de correo, entrada MX
SPF, registro SPF, remitente autorizado
DKIM, firma DKIM, DMARC, autenticación del correo, firmar el correo del dominio
mis correos llegan a spam, caen en spam, acaban en spam, van a spam, caen en la basura, caen en no deseado, llegan como spam, SPF, DKIM
TXT, registro TXT, verificar dominio, comprobar el dominio
CNAME, registro CNAME
# --- web
web, sitio, sitio web, página web, website
web caída, caída del sitio, no carga la web, web no funciona, sitio no disponible, no abre la página, la página no carga, no se ve la web, no se abre la web
alojamiento, hosting, host, plan de alojamiento, hospedaje
panel, panel de control, cpanel, plesk, área de cliente, centro de administración, consola
wordpress, WP, blog, CMS
plugin, extensión, complemento, módulo, add-on
plantilla, tema, theme, diseño
instalar plugins, subir imágenes, subir fotos, no puedo subir imágenes, permiso de escritura
error 500, error interno, internal server error, error del servidor
error 503, service unavailable, servicio no disponible, 503
error 502, bad gateway, 504, gateway timeout, tiempo de espera agotado, timeout
error 404, página no encontrada, not found, no encontrado
error 403, acceso denegado, forbidden, prohibido, no autorizado
caché, cache, varnish, fastly, CDN, vaciar caché, purgar
modo mantenimiento, mantenimiento, en obras, sitio en construcción
redirigir, redirección, redireccionar, redirect, 301, reenviar dirección
certificado, SSL, TLS, HTTPS, candado, certificado de seguridad
conexión no es privada, sitio no seguro, no es seguro, certificado caducado, conexión no segura, aviso de seguridad del navegador, certificado vencido, caducidad del certificado
redirigir HTTP a HTTPS, forzar HTTPS, forzar TLS, versión segura de la página, entrar sin la s, sin candado
Let's Encrypt, certificado gratuito, certificado gratis, SSL gratis
enlace, link, vínculo, hipervínculo, URL
SEO, posicionamiento, google no encuentra, buscadores, motor de búsqueda
sitemap, mapa del sitio, mapa web
robots, bots, rastreador, araña, crawler
tráfico, visitas, estadísticas, analítica, informe de uso, analytics
subir la web, publicar la web, subir contenidos, subir archivos, subir por FTP
# --- copias, versiones, recuperar
copia de seguridad, backup, respaldo, instantánea, snapshot
restaurar, recuperar, revertir, rollback
volver a como estaba, como estaba ayer, como estaba antes, estado anterior, deshacer los cambios, restaurar una copia, restaurar una instantánea, restaurar un entorno, revertir el entorno, copia de ayer, punto de restauración
volver atrás una actualización, deshacer una actualización, quitar una actualización, volver a la versión de antes, volver a una versión anterior, reversión, versión antigua
historial de versiones, versión anterior, versiones anteriores, recuperar versión, control de versiones, guardé encima, lo he sobrescrito, sobrescribir, guardar encima, machacar el archivo, como estaba la semana pasada
recuperar borrados, borré sin querer, he borrado por error, borrado por accidente, elementos eliminados, recuperar eliminados, vacié la papelera, eliminado por error, borrado sin querer, recuperar elementos, recuperar correos
papelera, elementos eliminados, reciclaje, papelera de reciclaje
faltan archivos, archivos perdidos, han desaparecido archivos, han desaparecido carpetas, no encuentro los archivos, no encuentro las carpetas, se han perdido archivos, carpetas que faltan, archivos que faltan, me faltan carpetas
exportar, volcar, volcado, dump, extraer
volcado de base de datos, copia de la base de datos, backup de mysql, exportar la base de datos, dump
importar, traer datos
borrar, eliminar, quitar, suprimir
borrado, eliminado, perdido, desaparecido
borrar del todo, eliminar permanentemente, borrar para siempre, eliminar definitivamente
# --- mover
mover, migrar, trasladar, transferir, mudar, importar, cambiar de proveedor, llevar
migración, traslado, transferencia, mudanza
migrar el correo, mover el correo, pasar el correo, traer el correo, llevar el correo, trasladar el correo, mudanza del correo, importar el correo, cambiar de proveedor de correo, desde otro proveedor, venir de otro proveedor, cambiar de empresa, no perder los correos
añadir, agregar, crear, dar de alta, incorporar, sumar
configurar, ajustar, preparar, poner en marcha, parametrizar
configuración, ajustes, preferencias, opciones, parámetros, settings
# --- correo
buzón, casilla, cuenta de correo, mailbox
buzón lleno, cuota superada, almacenamiento lleno, límite de almacenamiento, cuota de buzón, aumentar el tamaño del buzón, ampliar el buzón, más espacio en el buzón, llenado el buzón, no caben más correos, correo lleno, bandeja llena, buzón excedido, más espacio para el correo
quitar adjuntos grandes, liberar espacio del correo, hacer sitio en el correo
bandeja de entrada, inbox, imbox, entrada
adjunto, archivo adjunto, datos adjuntos, fichero adjunto, attachment
pesado, grande, tamaño, ocupa mucho, demasiado grande
spam, correo no deseado, correo basura, junk, basura, publicidad
mensajes buenos en spam, va a la carpeta de no deseado, van a no deseado, legítimos marcados como no deseado, evitar que pasen a no deseado, marcar como seguro, remitente seguro, remitente de confianza, lista de remitentes seguros, permitir remitente, se va a spam
bloquear remitente, bloquear a una persona, no quiero que me escriba, no quiero recibir de, que no me escriba más, remitente bloqueado, no para de escribirme, dejar de recibir correos de, bloquear un contacto
cuarentena, retenido, correo retenido, mensaje retenido, bloqueado por el antivirus, liberar mensajes
phishing, suplantación, suplantación de identidad, fraude, estafa, correo falso, timo, engaño, malicioso
correo sospechoso, mensaje sospechoso, informar de correo sospechoso, mala pinta, mensaje raro, correo raro, se hace pasar por, dice ser del banco, dice ser vuestro, me piden la clave por correo, denunciar un correo
virus, malware, software malintencionado, troyano, infección, infectado
hackear, piratear, hackeado, pirateada, comprometida, en peligro, han entrado en la cuenta, robado, intrusión, cuenta robada, me han robado la cuenta, roles comprometidos
respuesta automática, fuera de oficina, autorespuesta, vacaciones, out of office, autoresponder, aviso de ausencia, estaré fuera, voy de vacaciones, estoy de vacaciones, ausente
firma, pie de correo, firma de correo, signature, pie de mensaje, pie del correo
firma de correo, debajo de cada mensaje, al final del mensaje, al pie del mensaje, nombre y cargo, logo en el correo, datos de contacto en el correo, aviso legal en el correo, declinación de responsabilidades
lista de correo, lista de distribución, grupo de distribución, mailing, mailman, newsletter, boletín
campaña, newsletter, boletín, mailing, envío masivo, mailtrain, circular, mandar un correo a los socios, mandar a todos los clientes, mandar un correo a mucha gente, sin que vean las direcciones
alias, dirección alternativa, segunda dirección, otra dirección para el mismo correo
rebotar, rebotado, informe de no entrega, NDR, error de entrega, mensaje devuelto, correo devuelto, correos devueltos, me devuelven los correos, me devuelven todo, viene de vuelta, viene devuelto, undelivered, mailer daemon, error en la entrega, no se pudo entregar
no llega, no recibo, no me llegan, no se recibe, problemas de entrega, no entregado, no me entran > retrasos de correo
no se envía, no puedo enviar, no sale el correo, no envía, no me deja enviar, no me deja mandar, no puedo mandar, se queda en la bandeja de salida, no salen los correos
cola, retrasado, retraso, en cola, tarda en llegar, demora, llega tarde, llegan tarde, horas en llegar
correo masivo, envío excesivo, límite de envío, demasiados correos, superado el máximo, máximo de mensajes, límites de envío, demasiados destinatarios, no deja mandar más
lista negra, blacklist, listas de bloqueo, remitente bloqueado, lista de bloqueo, spamhaus, IP en lista negra, bloqueado por spamhaus
reenviar, reenvío, desviar, redirigir correo, forward, desvío
reenvío automático, que se copie también, copia a otra cuenta, copia a otra dirección, llegue a dos cuentas, copia automática, redirigir mensajes, reenviar a varias direcciones, reenviar automáticamente, mandar copia a, que llegue también a
regla, filtro, filtrar, clasificar correo
reglas de bandeja de entrada, que se vaya solo a una carpeta, mover solo a una carpeta, separar correos, ordenar el correo, apartar los correos, organizar el correo, se vayan a una carpeta, carpeta aparte
regla no funciona, la regla no hace nada, el filtro no hace nada, el filtro no funciona
remitente, quien envía, from
destinatario, receptor, a quien va
enviar como, enviar en nombre de, delegado, delegar, delegación, escribir en mi nombre, en nombre de otro, contestar en mi nombre, secretaria, llevar mi correo
buzón compartido, correo compartido, cuenta común, buzón de grupo, dirección para varias personas, correo para varias personas, correo del departamento, correo de equipo, info@, ventas@, entre varios compañeros, varias personas el mismo correo, todos vean los mismos correos
confirmación de lectura, acuse de recibo, acuse de lectura, saber si lo ha leído, saber si lo ha abierto, si ha visto el mensaje, si han leído mi correo, doble check
deshacer envío, cancelar envío, envío aplazado, retrasar el envío, lo mandé sin querer, recuperar mensaje enviado, anular un correo enviado, retirar un mensaje
nombre para mostrar, nombre que sale, sale otro nombre, otro nombre delante, cambiar mi nombre, nombre de correo, apellido, nombre de remitente > nombre de perfil, cambiar el nombre
mandando publicidad, enviando spam, envía correo solo, envío excesivo, cuenta que envía spam, mandan correos en mi nombre, yo no he enviado, correos que no he mandado
cliente de correo, programa de correo, outlook
cliente de correo, programa de correo, thunderbird
gmail, google, google workspace
webmail, correo web, outlook en la web, roundcube, rainloop, OWA
webmail, correo por navegador, leer el correo en internet
IMAP, POP, POP3, SMTP, servidor de correo, servidor entrante, servidor saliente
pide la contraseña, solicita contraseña, mensajes repetidos de contraseña, vuelve a pedir la clave, contraseña una y otra vez, cada dos por tres la contraseña, todo el rato la contraseña, bucle de inicio de sesión
correo en el móvil, correo en el teléfono, configurar el móvil, ver el correo en el móvil, aplicación de correo, clientes para el móvil, correo en android, correo en iphone
otra cuenta de correo, otras cuentas de correo, cuenta antigua, cuenta personal, agregar otra cuenta, juntar dos correos, recibir dos cuentas, conectar otra cuenta
borrador, mensaje sin enviar
archivar, archivo histórico, archivo en línea
eDiscovery, retención, archivado, auditoría, conservar
contactos, libreta de direcciones, agenda de contactos, CardDAV, libreta, agenda de teléfonos
calendario, agenda, eventos, citas, CalDAV
calendario compartido, agenda compartida, compartir calendario, permisos de calendario, ver mi calendario, ver mi agenda, calendario de un compañero
disponibilidad, libre u ocupado, tienen hueco, hueco en la agenda, si está ocupado, si están libres
correo cifrado, mensaje cifrado, mensaje protegido, cifrar un correo, datos confidenciales, información confidencial, datos sensibles, datos de salud, solo lo lea quien lo recibe, leer solo quien lo recibe, S/MIME
insertar imagen, foto dentro del mensaje, imagen en el cuerpo, imagen incorporada, foto dentro del correo
fuente, tipografía, letra, tipo de letra, tamaño de letra
idioma, lengua, traducir, traducción, español, sale en inglés, está en inglés, cambiar el idioma
zona horaria, hora, huso horario, fecha y hora, hora mal
ortografía, corrector, faltas de ortografía, corrector ortográfico, revisar la ortografía
# --- acceso y usuarios
iniciar sesión, entrar, login, acceder, loguearse, identificarse, inicio de sesión, autenticarse, meterme
no puedo entrar, no me deja entrar, no puedo acceder, no consigo entrar, problemas al iniciar sesión, error al iniciar sesión, no se puede iniciar sesión, no me deja acceder
cerrar sesión, salir de la cuenta, logout, me expulsa, desconectarse
sesión caduca, me saca de la cuenta, cierra la sesión, pierden la sesión, sesión caducada, me echa de la cuenta, les echa de la cuenta
cuenta bloqueada, cuenta deshabilitada, desbloquear cuenta, demasiados intentos, bloqueado por intentos, intentos fallidos, temporalmente deshabilitada, me ha bloqueado la cuenta, equivocarse con la clave
código, PIN, código de verificación, código de un solo uso, token
doble factor, 2FA, verificación en dos pasos, autenticación multifactor, MFA, TFA, dos factores, autenticación en dos pasos, authenticator, doble autenticación, dos pasos, segundo factor, código en el móvil, código en el teléfono, código al teléfono, además de la contraseña
cambio de móvil, he cambiado de móvil, móvil nuevo, teléfono nuevo, teléfono viejo, autenticación multifactor
contraseña de aplicación, clave de aplicación, app password
permiso, privilegio, derechos, autorización, rol
acceso denegado, no tiene acceso, no tengo acceso, no tiene permiso, no tengo permiso, permiso denegado, no le deja ver, no puede ver los archivos, no puede abrir el enlace > no puede obtener acceso, uso compartido
administrador, admin, superusuario, root, propietario
quitar rol de administrador, quitar permisos de administrador, permisos de jefe
usuario, cuenta de usuario, perfil > cuenta
nuevo usuario, crear usuario, agregar usuario, persona nueva, empleado nuevo, nuevo empleado, nueva incorporación, compañero nuevo, alta de usuario, dar de alta a una persona, entra a trabajar, darle de alta, añadir una persona
empleado se ha ido, empleado marchado, exempleado, dejó la empresa, baja de un empleado, antiguo empleado, eliminar usuario, ya no trabaja, ya no está en la empresa, se ha marchado de la empresa, se va de la empresa, despedido
bloquear acceso, bloquear el inicio de sesión, cerrar el acceso, cerrarle el acceso, quitar acceso, revocar acceso, que ya no pueda entrar, que ya no pueda leer, que no siga entrando, impedir el acceso
portátil perdido, móvil perdido, dispositivo perdido, dispositivo robado, me han robado el móvil, perdí el móvil, me han robado el portátil, dejado el portátil, olvidado el portátil > bloquear el acceso, cuenta en peligro, se piratea una cuenta
compañero, empleado, trabajador > usuario
foto de perfil, imagen de perfil, avatar, foto de la cuenta, poner foto
baja definitiva, cerrar la cuenta, eliminar mi cuenta, borrar cuenta, darme de baja, borrar mi perfil, dar de baja la cuenta, borrar mis datos, que se borre todo
protección de datos, RGPD, GDPR, datos personales, LOPD
exportar datos personales, descargar mis datos, bajarme mis datos, lo que tenéis mío, qué datos tenéis, copia de mis datos, ley de protección de datos
preguntas de seguridad, pregunta secreta
huella digital, huella, huella dactilar
seguridad, protección, proteger, privacidad
# --- facturas y pagos
factura, recibo de pago, recibos, comprobante, invoice, ticket de compra, justificante
ver la factura, descargar factura, bajar factura, bajar las facturas, dónde están las facturas, copia de la factura, sacar la factura, imprimir factura, recibos del año, facturas del año, recibir facturas por correo, extracto de facturación, para la gestoría, facturas antiguas
entender la factura, no entiendo la factura, importe de facturación, me cobráis más, factura más alta, ha subido la factura, por qué pago más
facturación, cobro, cargo bancario
pagar, pago, abonar, cobrar, abono, liquidar
tarjeta, tarjeta de crédito, tarjeta bancaria, visa, mastercard, forma de pago, medio de pago, instrumento de pago
tarjeta rechazada, pago rechazado, no se ha podido cobrar, pago fallido, cargo rechazado, tarjeta denegada, tarjeta bloqueada, tarjeta no pasa, no me coge la tarjeta, no acepta la tarjeta, tarjeta no funciona, error al pagar
cambiar método de pago, cambiar la tarjeta, tarjeta nueva, actualizar la tarjeta, tarjeta caducada, cambio de banco, hemos cambiado de banco, número de tarjeta, agregar método de pago, otra tarjeta, domiciliar, domiciliación, cuenta bancaria, datos de la tarjeta, dónde pongo la tarjeta
transferencia bancaria, pagar por factura, pagar por transferencia, abonar con transferencia, ingreso en cuenta
saldo pendiente, impago, deuda, vencido, moroso, importe pendiente
reembolso, devolución del dinero, devolver dinero, devolver el dinero, refund, abonar de vuelta, devuelvan el dinero, cobrado dos veces, cobro duplicado, cobro doble, cobrado de más, dinero de vuelta, recuperar el dinero
identificar un cargo, cargo desconocido, no reconozco un cargo, cargo que no reconozco, cargo en la tarjeta, movimiento en el banco, cargo en el banco, cargo en el extracto, me aparece un cargo, cargo que no es mío, cobro raro, no sé de qué es un cobro
cambiar dirección de facturación, mudado de oficina, nueva dirección, cambio de domicilio, cambio de dirección, calle antigua, datos de facturación, cuenta de facturación, dirección en las facturas, cambio de sede
cancelar suscripción, no quiero seguir con el servicio, dejar el servicio, darme de baja del servicio, que no me cobren más, no sigáis cobrando, dejar de pagar, no quiero renovar, no renovar, ya no queremos, anular el contrato, quitar la suscripción, desactivar renovación automática
cancelar, anular, darse de baja, rescindir, terminar, cancelación
suscripción expirada, suscripción caducada, suscripción vencida, se pasó la fecha de pago, reactivar la suscripción, plan caducado, no pagué a tiempo, volver a activar la suscripción, suscripción ya no está activa
caducar, vencer, expirar, fecha del certificado, caducidad, vencimiento, expiración
suscripción, plan, licencia, tarifa, contrato
cambiar de plan, ampliar plan, subir de plan, actualizar plan, upgrade, mejorar plan, otro plan, plan superior, pasar a otro plan
comprar licencias, más licencias, licencias adicionales, más puestos, puestos más, más usuarios, agregar licencias, otra licencia, somos más
quitar licencias, demasiadas licencias, sobran licencias, menos licencias, reducir licencias, menos usuarios, bajar el número, pagando de más, menos puestos
licencia, puesto, plaza
compra equivocada, compré el que no era, me equivoqué al comprar, licencia errónea, comprado por error
frecuencia de pago, pagar una vez al año, pago anual, pago mensual, pagar anualmente, todos los meses
precio, coste, costo, tarifa, cuánto cuesta, importe, cuánto vale, qué precio
gratis, gratuito, sin pagar, que no cueste, no cueste nada
ONG, sin ánimo de lucro, asociación, fundación, entidad social
renovar, prorrogar, extender, renovación automática, renovación
datos fiscales, CIF, NIF, razón social, identificador fiscal, IVA, impuestos, VAT
prueba gratuita, trial, versión de prueba, periodo de prueba
pausar la suscripción, suspender la suscripción, congelar el plan, parar unos meses, pausar el plan
licencia, asignar licencia, producto asignado
clave de producto, número de serie, serial, product key, código de activación
comercial, ventas, vendedor, departamento de ventas, equipo de ventas
# --- programas y equipo
activar, activación, habilitar
activar windows, windows no es original, copia no original, no está activado, cambio de hardware, placa base, cambiado una pieza
instalar, instalación, setup, montar
desinstalar, quitar programa, eliminar aplicación
actualizar, actualización, update, poner al día, nueva versión
errores de actualización, no se actualiza, actualización se queda parada, falla la actualización, error al actualizar, windows update
ordenador, PC, equipo, computadora, portátil, computador, sobremesa
móvil, teléfono, smartphone, celular, dispositivo móvil
móvil, iphone, android
iphone, ipad, iOS
mac, macOS, macbook
formatear, restablecer el equipo, reinstalar windows, comienzo de cero, empezar de cero, restaurar de fábrica, borrar todo el ordenador, dejarlo como nuevo, como el primer día
se cierra solo, se queda bloqueado, se cuelga, crash, se congela, deja de funcionar, no se inicia, no se abre, no arranca, no responde, se queda colgado, se cierra al abrirlo, se cierra inesperadamente, cierre inesperado, se cierra nada más abrir, se queda pillado > bloqueo, se bloquea, no se pudo iniciar, no se inician
lento, lentitud, tarda mucho, va lento, rendimiento, velocidad, optimizar, acelerar, lentísimo, tarda en abrir, tarda en cargar, va fatal, va muy mal, va despacio
programas al inicio, se abren solos, se abran solos, programas que se abren al encender, se abren al arrancar, arrancan solos, arranca con el ordenador > configuración de inicio, aplicaciones al inicio
pantalla azul, BSOD, error de detención
pantalla blanca, pantalla en blanco, página en blanco, error fatal, sale en blanco
pantalla negra, no enciende, sin imagen
monitor, pantalla, display
monitor externo, segunda pantalla, pantalla externa, dos pantallas, no da imagen, otra pantalla
brillo, brilla mucho, deslumbra, me molesta la luz de la pantalla, duelen los ojos > luz nocturna
pantalla de bloqueo, fondo de pantalla, foto de fondo, fondo del ordenador
impresora, imprimir, printer, impresión
problemas de impresora, no imprime, no sale nada por la impresora, impresora no funciona, no la reconoce la impresora, errores de impresión
escáner, escanear, digitalizar, multifunción
wifi, wi-fi, red inalámbrica, inalámbrico, wireless
router, enrutador, módem
internet, conectividad de red, conexión a internet
sin conexión, offline, no hay internet, no conecta, no tengo internet, no se puede conectar, sin internet
audio, sonido, micrófono, altavoz, auriculares
problemas de audio, no se oye, no suena, sin sonido, no tengo sonido, no se escucha, se oye mal, se oye fatal
cámara, webcam, vídeo
problemas con la cámara, no me ven, no me oyen, no se me ve, cámara no funciona, micrófono no funciona
bluetooth, sin cable, emparejar
auriculares bluetooth, auriculares inalámbricos, calidad de audio
videollamada, videoconferencia, reunión, meet, zoom, jitsi, conferencia, llamada
reunión, meeting, cita, convocatoria
teclado, ratón, touchpad
atajos de teclado, métodos abreviados, combinaciones de teclas
batería, no carga la batería, no carga, no coge corriente, enchufar, cargador
controlador, driver, drivers
arranque, arrancar, encender
unidad de red, carpeta de red, disco de red, unidad del servidor, unidad Z, carpeta del servidor > unidades asignadas
captura, captura de pantalla, pantallazo, screenshot, imagen de pantalla, foto de la pantalla, capturar, recortes
navegador, chrome, firefox, edge, safari, explorador
cookies, caché del navegador, historial del navegador, datos de navegación, memoria caché, datos de exploración
programas predeterminados, se abre con otro programa, abrir siempre con, programa por defecto
office, microsoft 365, office 365, M365, O365, ofimática, paquete de oficina, paquete office
instalar office, descargar office, poner office, office en un ordenador nuevo
word, procesador de textos, documento de texto
hoja de cálculo, excel, planilla, calc
powerpoint, presentación, diapositivas
PDF, acrobat, documento PDF
guardar como PDF, convertir a PDF, pasar a PDF, en PDF
teams, microsoft teams
sharepoint, sitio de equipo, intranet
bloc de notas, onenote, libreta, apuntes
dictar, dictado, dictar por voz
# --- archivos y nube
archivo, fichero, documento
carpeta, directorio
subir, cargar, upload
descargar, download, bajar, bajarse
nube, cloud, drive, onedrive, nextcloud, almacenamiento en línea
disco, almacenamiento, espacio, cuota, capacidad
liberar espacio, limpiar disco, disco lleno, sin espacio en disco, falta de espacio, sin espacio, no queda espacio, no queda sitio, no hay espacio, no hay sitio, quedarse sin espacio, sin sitio, poco espacio, espacio en disco
aumentar el almacenamiento, más espacio, ampliar espacio, más sitio, más almacenamiento, ampliar el almacenamiento
sincronizar, sincronización, sync
no sincroniza, problemas de sincronización, no se sincroniza, atascado en cambios, se queda procesando, no se actualizan los archivos
compartido, compartir, share, colaborar
compartir con externos, usuarios externos, personas externas, gente de fuera, persona de fuera, fuera de la organización, fuera de la empresa, no es de la empresa, cliente sin cuenta, invitado, externo, enlace para un cliente, compartir con un proveedor, compartir con un cliente
enviar archivos grandes, archivos muy grandes, no cabe por correo, no caben por correo, demasiado grande para el correo, mandar archivos pesados
bloqueado para edición, solo lectura, lo tiene abierto otro, en uso por otro usuario, abierto por otra persona, no deja escribir, no deja editar, no puedo editar, no me deja modificar, archivos bloqueados
editar a la vez, escribir entre varios, editar entre varios, documento entre varios, colaborativo, colaboración, edición simultánea, coautoría, varios a la vez, escribir juntos, escribir a la vez, entre todas a la vez, entre todos a la vez > pads, pad, etherpad, cryptpad
pad, etherpad, cryptpad, bloc colaborativo, documento compartido
encuesta, cuestionario, votación, sondeo, elegir fecha, buscar una fecha, doodle
chat, mensajería, mensajería instantánea, mensaje instantáneo, XMPP, jabber
cifrado, encriptado, encriptar, cifrar, encriptación
imagen, foto, fotografía, logo, logotipo
vídeo, película, youtube, streaming
# --- servidor
base de datos, mysql, mariadb, phpmyadmin, BD, BBDD, database
registro, log, logs, registros de error, bitácora, registros del servidor
servidor, VPS, máquina virtual, instancia, máquina
servidor nuevo, alta del servidor, acabo de contratar el servidor, he contratado un servidor, por dónde empezar, por dónde se empieza, entrar la primera vez > primeros pasos, activación del panel, alta del servidor
nodo, instancia, clúster
reiniciar, restart, reboot, apagar y encender
FTP, SFTP, FTPS, filezilla, cliente FTP
SSH, terminal, línea de comandos, consola, shell, putty
clave SSH, llave SSH, clave pública, llave pública, claves SSH, conexión segura
PHP, versión de PHP, intérprete PHP
límite de memoria, memory limit, memory_limit, falta de memoria, memoria agotada, out of memory, no hay memoria suficiente, sin memoria, memoria insuficiente
tarea programada, cron, cronjob, tarea automática, crontab, tareas que se ejecutan solas, tareas de noche, procesos automáticos, tareas nocturnas, proceso programado
VPN, red privada, red privada virtual, wireguard, openvpn, túnel
conectarse a la red de la oficina, red de la empresa desde casa, trabajar desde casa, teletrabajo, acceder desde casa, VPN
cortafuegos, firewall, WAF, reglas de bloqueo
ataque, DDoS, atacando la web, tráfico malintencionado, tumbar la web, tumban, bloquear el tráfico, bloquear solicitudes, bloquear una IP, bloquear un país, visitas falsas, muchas visitas raras
IP, dirección IP, IP bloqueada, lista blanca, lista de permitidos
entorno de pruebas, staging, ensayo, integración, desarrollo, sandbox
desplegar, despliegue, implementación, implementar, deploy, implantar, publicar cambios
después de publicar, después de la implementación, después del despliegue
sin tiempo de inactividad, sin cortar el servicio, sin que lo noten, sin que se entere nadie, sin parar la web, sin cerrar la tienda, sin dejar de vender
producción, live, entorno real
rama, branch, git, repositorio
vincular github, integración de github, conectar github
parche, patch, corrección, revisión
depurar, debug, xdebug, depurador, depuración
cola de mensajes, message queue, rabbitmq
# --- tienda
tienda, tienda online, ecommerce, comercio electrónico, magento, adobe commerce, prestashop, woocommerce, commerce
carrito, cesta, carro de compra, carro de compras, cart, carro
finalizar compra, checkout, pasar por caja, proceso de compra, pantalla de pago, cierre de compra, acabar la compra, terminar la compra, no pueden pagar, no pueden comprar
pedido, orden de compra, encargo
producto, catálogo, SKU, artículo de la tienda
no aparece, no se muestra, no sale, desaparecido, falta, invisible, no se ve, no se ven, no salen
imágenes no se muestran, fotos no se ven, no se ven las fotos, no salen las fotos, imágenes no se cargan, imágenes de los productos
cliente, comprador, usuario de la tienda
envío, transporte, gastos de envío, shipping
pasarela de pago, paypal, braintree, TPV, stripe, redsys, método de pago
cupón, descuento, promoción, código promocional, regla de precio, código de descuento, vale descuento
inventario, stock, existencias, cantidad disponible
indexar, indexador, reindexar, índice, indexer
buscador, búsqueda, motor de búsqueda, elasticsearch, opensearch
buscar un producto, buscador de la tienda, resultados de búsqueda
# --- trato y general
soporte, asistencia, atención al cliente, servicio técnico, ayuda
ticket, tique, incidencia, consulta, petición, solicitud
contacto, contactar, hablar con alguien, llamar, ponerse en contacto
teléfono, llamar, número de atención
nombre, cambiar nombre, renombrar
notificación, aviso, alerta, notificaciones
grupo, departamento
código postal, dirección postal, domicilio
conectar, vincular, enlazar
empresa, organización, compañía, negocio, inquilino
enviar, mandar, remitir
responder, contestar, respuesta
escribir, redactar
fallar, fallo, error, avería, no funciona
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
mostrar, visualizar
bloquear, bloqueado, restringido, inhabilitar, deshabilitar, deshabilitado, desactivar
impedir, bloquear, evitar
desbloquear, quitar bloqueo, rehabilitar, reactivar
pestaña, ventana
# --- más
incidencia general, avería general, está caído el servicio, caída general, no le funciona a nadie, es cosa vuestra > estado del servicio, incidente del servicio
teléfono de soporte, a qué número llamo, número para llamar, hablar por teléfono > número de teléfono de soporte
hablar con ventas, hablar con un comercial, información comercial, pedir presupuesto > equipo de ventas
grabar la reunión, grabar la llamada, grabación > grabar reuniones
buzón de voz, contestador automático del teléfono, mensajes de voz > correo de voz
compartir pantalla, enseñar mi pantalla > uso compartido de pantalla
añadir gente al grupo, meter a alguien en el grupo, agregar miembros, nuevos miembros > agregar contactos al grupo, miembros
grupo, equipo de trabajo > grupos, equipo
toda la empresa, todos los empleados, toda la organización
ocultar de la lista, que no salga en la lista > ocultar de la lista de direcciones
juntar dos cuentas, tengo dos cuentas, unir cuentas, pasar a una sola cuenta > combinar cuentas
fecha de nacimiento, edad mal
estudiante, alumno, profesor, colegio, instituto, universidad, escuela, educación, ámbito educativo
administración pública, ayuntamiento, gobierno
moneda, divisa, dólares, euros
país, región, cambio de país, me mudo de país
crédito por interrupción, compensación por la caída, indemnización > solicitud de crédito
extracto, declaración de facturación, cuándo se emite la factura, cuándo llega la factura > se genera la declaración de facturación
cuándo me cobran, qué día se cobra, fecha de cobro > cuándo se carga mi tarjeta
quitar la tarjeta, borrar mi tarjeta, eliminar los datos de la tarjeta > quitar la información de mi tarjeta
agregar una tarjeta, añadir otra tarjeta, meter una tarjeta
tarjeta prepago, tarjeta regalo
código de producto, clave de licencia
no me reconoce la licencia, producto sin licencia, me sale sin licencia, licencia no válida > la licencia no funciona, producto sin licencia
no se pudo activar, error de activación, no me deja activar, no se activa > errores de activación, problemas de activación
funciones desactivadas, está en gris, no me deja usarlo, características desactivadas
versión de 32 bits, 64 bits
dispositivo nuevo, otro dispositivo, cambio de ordenador, ordenador nuevo > nuevo dispositivo, activar un nuevo dispositivo
instalar en otro ordenador, cuántos ordenadores, en varios equipos > uso compartido, licencias basadas en dispositivos
programa que faltaba, me falta un programa, ha desaparecido el word, no encuentro el excel > faltan aplicaciones
quitar office, desinstalar el office, borrar el office > desinstalar office, quitar versiones anteriores
versión anterior de office, office antiguo
se abre en otro programa, doble clic, doble clic no hace nada > no se abrió al hacer doble clic
no se abre el archivo, no puedo abrir un documento, archivo dañado, está corrupto, no se deja abrir, no me abre los archivos > errores al abrir archivos, problemas al abrir archivos
no puedo guardar, no me deja guardar, error al guardar > errores al guardar archivos
quitar la contraseña del documento, documento con contraseña, documento protegido, desproteger > quitar una contraseña del documento
proteger un documento, poner contraseña a un archivo, cifrar una carpeta > cifrar archivos o carpetas, proteger archivos
filtro de excel, no filtra, filtrar columnas, embudo > autofiltro
formato de letra, cambia la letra sola, fuente distinta > formato de fuente
plantilla de correo, mensaje tipo, respuesta tipo, mensaje predefinido > plantilla de mensaje
publisher, folletos, tarjetas de visita
nota, notas, apuntes > onenote, bloc de notas
lista de tareas, tareas pendientes, recordatorios > to do, tareas
marcadores, favoritos
ocupa en mi ordenador, no descargar los archivos, solo en la nube, ocupan en el disco > archivos a petición
carpeta compartida, carpetas públicas, carpeta de todos
biblioteca, biblioteca de documentos, documentos del equipo > biblioteca de documentos
no se suben, no sube el archivo, no puedo subir, error al subir, no se cargan los archivos > problemas al cargar archivos, problemas de carga de archivos
límite de tamaño, archivo demasiado grande para subir, tamaño máximo > límites de archivos, archivos grandes
nombre demasiado largo, caracteres no permitidos, nombre del archivo
impedir descargas, que no se lo puedan bajar, solo ver y no descargar > impedir la descarga, bloquear descargas
enlace público, enlace sin contraseña, sin registrarse, sin tener cuenta > uso compartido anónimo
pasar archivos de otra nube, dropbox, google drive, desde otra nube > mover archivos desde otro proveedor de nube
servidor de archivos, discos físicos, enviar un disco duro > envío de unidades de disco
crear un sitio, página del equipo, montar una intranet > crear un sitio
borrar un sitio, eliminar una página del equipo > eliminar sitio
seguir un sitio, dejar de seguir
menú, iniciador de aplicaciones, cuadrícula de aplicaciones
tema de color, colores de windows, apariencia, aspecto
modo oscuro, fondo negro, tema oscuro
teclado en español, la eñe, teclado cambiado, escribe otras letras > configuración del teclado
actualizaciones de windows, retrasar actualizaciones, que no se actualice, posponer > aplazar actualizaciones, administrar las actualizaciones
windows 11, última versión de windows
pasar de home a pro, subir a pro > actualizar windows 10 home a windows 10 pro
comprar windows, licencia de windows
usuario para mi hijo, otro usuario en el ordenador, otra persona en mi ordenador, su propio usuario en el ordenador, cuenta local > agregar cuenta de usuario en windows
cambiar el nombre del usuario, nombre de la cuenta > cambiar el nombre de cuenta
hacer administrador, dar permisos de administrador, convertir en administrador
memoria RAM, comprobar la memoria, diagnóstico de memoria
icono de la batería, no veo la batería
varias ventanas, dividir la pantalla, trabajar con dos ventanas > multitarea
atascada la impresora, cola de impresión, documentos en espera de imprimir > trabajos de impresión
multifunción, fotocopiadora, escanear al correo > aplicación o dispositivo multifunción, retransmitir correo electrónico
conexión lenta, internet lento, va lento internet
contraseña del wifi, clave del wifi, no sé la clave del wifi, cambiar la clave del router > contraseña de Wi-Fi, contraseña del enrutador
no detecta el segundo monitor, HDMI > monitores externos
sonido por otros altavoces, elegir micrófono > cambiar el micrófono, predeterminados
# servidor y tienda
composer, compositor
varnish, barniz
fastly, rápido
router, enrutador
staging, ensayo
checkout, cierre de compra
snapshot, instantánea
dump, volcado
browser, explorador
cloud, nube
host, hospedaje
cluster, clúster
store, tienda, almacén
módulo, extensión, componente
no hay comandos definidos, error de implementación, falla el despliegue, no se despliega, no se publica > errores de implementación, la implementación falla
contenido estático, CSS y JS, se ve sin estilos, se ve descuadrada, sale sin formato > implementación de contenido estático, archivos estáticos
después de un parche, al aplicar el parche, tras la actualización la web no funciona > la aplicación de un parche desactiva el sitio
web en modo mantenimiento, salir de mantenimiento, página de mantenimiento > modo de mantenimiento, personalización de páginas de error
página de error personalizada, personalizar el error > páginas de error y mantenimiento
redis, sesiones en redis, valkey
variables de entorno, variables
réplica, réplicas de la base de datos, base de datos secundaria
consultas lentas, mysql lento, procesos lentos, base de datos lenta > consultas y procesos lentos en MySQL
la base de datos se ha ido, mysql has gone away, se pierde la conexión con la base de datos > el servidor MySQL ha desaparecido
contraseña de mysql, usuario de la base de datos
espacio de la base de datos, mysql sin espacio > más espacio para MySQL
monitorización, vigilar el servidor, ver el rendimiento, métricas > monitorización del rendimiento
CPU, procesador, núcleos
escalar, más recursos, pico de visitas, muchas visitas, black friday, campaña de navidad > escalado automático, preparación para las fiestas
varias tiendas, otra tienda, segunda tienda, multitienda > varios sitios web o tiendas
producto no se ve, no sale el producto, producto invisible, artículo no aparece > el producto no se muestra en la tienda
exportar productos, CSV, fichero de productos, descargar los productos > productos exportados, archivo csv
acentos raros, caracteres raros, símbolos raros > errores UTF-8
categorías de la tienda, no se guardan los cambios de categoría
precio mal, precio distinto, precio incorrecto > precio de catálogo
correos de la tienda, correos de pedidos, correos salientes > configuración de correos electrónicos salientes, SendGrid
notificaciones de exempleados, siguen recibiendo avisos > antiguos integrantes del equipo
google analytics, estadísticas de google
mapa, google maps
amazon pay, klarna, venmo, authorize
carro vacío, carrito vacío, se vacía el carrito, pierden el carrito > pierden contenido del carro de compras
formulario de contacto, formulario
instalación parada, se queda parada la instalación, la instalación no avanza, se detiene la instalación > la instalación se detiene
token de github, clave de github
clonar, descargar el código > clonar el repositorio
entorno local, desarrollo local, docker
añadir usuario al proyecto, dar acceso a un programador, acceso para mi informático > administrar acceso de usuario
conectarse por SSH, entrar por SSH, acceso por terminal > conexiones seguras
conectarse por FTP, entrar por FTP, acceso FTP > subir contenidos, conexiones seguras, usuarios ordinarios
redirecciones, redirigir direcciones antiguas, direcciones viejas, URL antiguas, cambiar una dirección por otra > redirecciones
dominio en uso, dominio ocupado, ya lo tiene otra cuenta, dominio de otra cuenta, dominio registrado en otra cuenta > el dominio ya está en uso
dominio predeterminado, dominio principal
mayúsculas, minúsculas
cambiar el dominio del correo, correo con mi dominio, correo propio, correo de mi empresa > dirección de correo electrónico personalizada, dominio personalizado
webchat, chat, mensajería instantánea > dino, pidgin, webchat
red social, redes sociales, fediverso, mastodon
foro, comunidad, debate
llamada de voz, hablar por internet, llamada en grupo > mumble, llamadas
pegar un texto, compartir un texto privado, mensaje que se autodestruye > privatebin
subir un archivo temporal, compartir archivo por enlace, wetransfer > subida
privado, área privada, que no lo vea todo el mundo, solo ciertas personas > área privada
abrir documentos en la nube, editar documentos en el navegador, office en la nube, documentos desde la nube > libreoffice online, onlyoffice, conectar nextcloud
# --- más
buscar un mensaje, encontrar un correo, no encuentro un mensaje, no encuentro un correo, correo antiguo que no encuentro > buscar correo electrónico, buscar en el buzón
bandeja dividida, dos pestañas de correo, mensajes en dos listas, mensajes separados en dos, otros correos > bandeja de entrada prioritarios
etiquetas de colores, colores a las citas, distinguir por colores, marcar con colores > categorías
aspecto del correo, panel de lectura, cómo se ve la lista de mensajes, leer los mensajes al lado, vista del correo > cambiar el aspecto del buzón
cuál es mi correo, cuál es mi dirección, no sé mi correo, no recuerdo mi dirección > cuál es mi dirección de correo electrónico
contestar siempre lo mismo, escribir siempre lo mismo, respuestas guardadas, texto guardado, no escribirlo cada vez > plantilla de mensaje
programar un correo, enviar más tarde, enviar a una hora, que salga mañana > envío aplazado
mensajes antiguos aparte, guardar los correos viejos, mover los correos antiguos, archivar correos, correos de otros años > buzón de archivo, carpeta archivo, archivado
no se borra, no me deja borrar, no puedo borrar, vuelve a aparecer lo borrado, no se dejan borrar > no se pueden eliminar
reenvío que no he puesto, reenvío desconocido, alguien recibe copia de mis correos > quitar direcciones de reenvío, quién configura el reenvío
no me avisa de los correos, no suena el correo, sin avisos de mensajes nuevos > notificaciones de mensajes nuevos
dejar de recibir boletines, darme de baja de un boletín, quitarme de una lista > suscripciones de correo electrónico
no abre el adjunto, adjunto bloqueado, no se descarga el adjunto
correos duplicados, me llegan dos veces, repetidos
me he casado, cambio de apellidos, apellido nuevo, nombre mal escrito > cambiar el nombre, información de la cuenta
contraseña difícil, símbolos y mayúsculas, contraseña más sencilla, contraseña complicada > requisito de contraseña segura
me devuelve a la misma pantalla, vuelve a la pantalla de entrada, no pasa de la pantalla de entrada, me devuelve al inicio > redirección de inicio de sesión, redirigir al formulario de inicio de sesión
otra sesión abierta, otra persona con la sesión abierta, hay otra cuenta iniciada > otra cuenta ya ha iniciado sesión
nombre de la empresa, nombre de la sociedad, cambio de razón social, hemos cambiado el nombre de la empresa > perfil de organización
cuántas licencias tenemos, licencias usadas, licencias libres, puestos contratados > licencias, licencias asignadas
mismos favoritos, favoritos en dos ordenadores, llevar los favoritos > sincronizar los datos de exploración
pantalla en blanco y negro, pantalla en gris, colores raros en la pantalla > filtro de color
se reinicia para actualizar, actualizarse más tarde, dejar la actualización para luego, se actualiza en mal momento > aplazar actualizaciones, administrar las actualizaciones
windows nuevo, pasar al windows nuevo, vale mi ordenador > windows 11, actualizar o instalar windows
quitar un usuario del ordenador, borrar un usuario del ordenador > quitar cuenta de usuario
disco casi lleno, disco al noventa, aviso de espacio, el disco se llena > espacio en disco, notificaciones de estado
total no cuadra, importe mal, no cuadra la factura, suma mal > valor incorrecto
no enseña los mensajes nuevos, no se actualiza el correo, no baja los mensajes, no se refresca > problemas de sincronización, no sincroniza
mensaje de error temporal, lo sentimos, vuelve a intentarlo más tarde > problemas temporales
invitado no puede entrar, invitado no consigue entrar, la persona invitada no entra > usuarios invitados, usuario externo no puede
no deja convocar, convocar una reunión, citar a los compañeros > programar, reunión
vacaciones del empleado, baja médica, compañero de baja
quedarse sin acceso, perder el acceso, sin poder entrar
dar permiso, dejar que otro vea, que otro pueda ver > conceder permisos, permisos
imprimir en red, impresora de la oficina, impresora compartida
pasar fotos del móvil, fotos del teléfono al ordenador > descargar fotos y archivos desde el teléfono
hacer una foto de la pantalla, guardar lo que veo > capturar imágenes
calendario no se actualiza, citas que no salen, faltan citas, no salen los eventos > faltan o no se actualizan eventos del calendario
compartir mi agenda con alguien de fuera, calendario fuera de la empresa > compartan sus calendarios con personas fuera
correo que se borra solo, desaparecen solos, se borran solos > se eliminarán, retención
mi web sale en inglés, cambiar el idioma de la web > publicación multilingüe
programador, informático, desarrollador, técnico
quitar el acceso al informático, ya no trabaja el programador > administrar acceso de usuario
poner un vídeo, subir un vídeo > vídeo
cambiar de servidor, servidor más potente, más memoria > escalar, CPU
certificado no funciona, no confía en el certificado, certificado raro > certificado SSL, certificados TLS
la web sale como no segura, poner el candado, quiero el candado, poner https > certificado, HTTPS
web copiada, web falsa, se hacen pasar por nosotros
saber quién ha entrado, quién ha borrado, quién lo ha cambiado, ver la actividad > registros e informes, actividad de los usuarios
cuánto ocupa, cuánto espacio tengo, ver el espacio > almacenamiento, límite de espacio
entrar al panel, panel de la tienda, administrador de la tienda > panel de administración
código postal, dirección de envío
pedido no aparece, no salen los pedidos, no entran pedidos
no llegan los correos de la tienda, no llegan los avisos de pedido > correos electrónicos salientes, notificaciones por correo electrónico
subir productos, importar productos, cargar productos > archivos CSV, importar
cambiar precios, lista de precios, tarifa de precios > precio, catálogo
"""


def widen(apps, schema_editor):
    synonym = apps.get_model("docs_kb", "Synonym")
    wanted = [line for line in GROUPS.strip().splitlines() if not line.startswith("#")]
    first = import_module("docs_kb.migrations.0003_starting_synonyms").GROUPS.strip().splitlines()
    synonym.objects.filter(words__in=set(first) - set(wanted)).delete()
    there = set(synonym.objects.values_list("words", flat=True))
    synonym.objects.bulk_create(synonym(words=line) for line in wanted if line not in there)


def index(apps, schema_editor):
    from docs_kb import search_index, synonyms

    synonym, word = apps.get_model("docs_kb", "Synonym"), apps.get_model("docs_kb", "SynonymWord")
    groups = list(synonym.objects.all())
    for group in groups:
        group.stems = "\n".join(synonyms.lines_of(group.words))
    synonym.objects.bulk_update(groups, ["stems"], batch_size=200)
    word.objects.all().delete()
    word.objects.bulk_create(
        (word(synonym=group, **values) for group in groups for values in synonyms.words_of(group.words)),
        batch_size=500,
    )
    articles = apps.get_model("docs_kb", "Article").objects.filter(status="published").order_by("pk")
    search_index.rebuild(articles.iterator(chunk_size=search_index.CHUNK))


class Migration(migrations.Migration):
    dependencies = [("docs_kb", "0012_keep_words_of_synonyms")]
    operations = [
        migrations.RunPython(widen, migrations.RunPython.noop),
        migrations.RunPython(index, migrations.RunPython.noop),
    ]
