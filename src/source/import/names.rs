//! What columns are called in German, English, French, Spanish and Italian: small letters, without accents, the surest
//! name first.

use crate::model::ImportField as F;

/// The names of each field.
pub(super) const NAMES: &[(F, &[&str])] = &[
    (F::Id, &[
        "id", "id str", "comment id", "review id", "post id", "tweet id", "message id", "response id", "submission id",
        "kommentar id", "beitrag id", "antwort id", "bewertung id", "teilnehmer id", "respondent id", "ticket id",
        "uuid", "guid", "kennung", "vorgangsnummer", "ticketnummer", "identifiant", "identificador", "identificativo",
        "lfd nr", "laufende nummer", "nr", "no", "num", "permalink id",
    ]),
    (F::Text, &[
        "text", "full text", "kommentar", "kommentare", "comment", "comments", "comment text", "review text",
        "review body", "review content", "commentaire", "commentaires", "comentario", "comentarios", "commento",
        "commenti", "kommentartext", "bewertungstext", "rezension", "rezensionstext", "nachricht", "message", "messaggio",
        "mensaje", "content", "inhalt", "contenu", "contenido", "contenuto", "body", "beitrag", "post", "tweet",
        "freitext", "feedback", "anmerkung", "anmerkungen", "bemerkung", "bemerkungen", "notiz", "notizen",
        "gesprachsnotiz", "notes", "meinung", "opinion", "avis", "opinione", "resena", "recensione", "critique",
        "verbatim", "caption", "snippet", "description", "beschreibung", "testo", "texto", "texte", "texte du commentaire",
        "review", "wortlaut", "ruckmeldung", "lob", "beschwerde", "complaint", "reclamation", "queja", "reclamo",
        "response", "answer", "remarque", "remarques", "observaciones", "osservazioni", "nota", "note",
    ]),
    (F::Title, &[
        "title", "titel", "titre", "titulo", "titolo", "review title", "headline", "uberschrift", "subject", "betreff",
        "objet", "asunto", "oggetto",
    ]),
    (F::CreatedAt, &[
        "created at", "created", "created time", "created utc", "creation date", "date created", "published at", "published",
        "publish date", "date published", "posted at", "review submit date and time", "timestamp", "zeitstempel", "date",
        "datum", "fecha", "data", "date time", "datetime", "date and time", "datum uhrzeit", "datum zeit",
        "datum und uhrzeit", "erstellt am", "erstellt", "erstelldatum", "veroffentlicht am", "veroffentlicht",
        "eingegangen am", "eingang", "abgegeben am", "date de creation", "date de publication", "cree le", "publie le",
        "horodateur", "fecha de creacion", "fecha de publicacion", "creado", "marca temporal", "fecha y hora",
        "data di creazione", "data creazione", "data di pubblicazione", "creato il", "data e ora", "ora", "submitted at",
        "submit date", "submission date", "start date", "end date", "completed", "zeitpunkt", "zeit", "uhrzeit", "time",
        "heure", "hora", "anrufzeit", "gesprachsdatum", "call time", "when", "wann",
    ]),
    (F::EditedAt, &[
        "updated at", "edited at", "modified at", "last modified", "updated", "geandert am", "aktualisiert am",
        "bearbeitet am", "modifie le", "actualizado", "modificato il", "review last update date and time", "last update",
    ]),
    (F::Author, &[
        "author", "author name", "autor", "auteur", "autore", "username", "user name", "user", "display name",
        "author display name", "from name", "name", "nutzer", "nutzername", "benutzer", "benutzername", "verfasser",
        "kunde", "kundin", "kundenname", "customer", "customer name", "client", "cliente", "nom", "nombre", "nome",
        "utilisateur", "usuario", "utente", "reviewer", "reviewer name", "rezensent", "von", "absender", "sender",
        "expediteur", "remitente", "mittente", "anrufer", "caller", "appelant", "teilnehmer", "respondent", "full name",
        "vor und nachname", "author fullname", "user display name",
    ]),
    (F::Handle, &[
        "handle", "screen name", "author handle", "user screen name", "twitter handle", "account", "konto", "profilname",
        "pseudo", "pseudonym", "nickname", "nick", "alias",
    ]),
    (F::AuthorUrl, &[
        "author url", "author link", "profile", "profile url", "profil", "profile link", "profillink", "user url", "perfil",
        "profilo", "author channel url",
    ]),
    (F::Followers, &[
        "followers", "followers count", "follower", "user followers count", "author followers", "abonnenten", "abonnes",
        "seguidores",
    ]),
    (F::Url, &[
        "url", "link", "permalink", "permalink url", "post url", "review link", "comment url", "tweet url", "adresse url",
        "lien", "enlace", "collegamento", "source url", "beitragslink", "webadresse", "hyperlink",
    ]),
    (F::Rating, &[
        "rating", "star rating", "stars", "sterne", "bewertung", "sternebewertung", "gesamtbewertung", "overall rating",
        "score", "note", "etoiles", "note globale", "evaluation", "puntuacion", "valoracion", "estrellas", "calificacion",
        "valutazione", "voto", "punteggio", "stelle", "punkte", "zufriedenheit", "satisfaction", "schulnote",
    ]),
    (F::Lang, &[
        "lang", "language", "sprache", "langue", "idioma", "lingua", "reviewer language", "locale",
    ]),
    (F::Parent, &[
        "parent id", "parent", "in reply to", "in reply to id", "in reply to status id str", "reply to", "reply to id",
        "antwort auf", "parent comment id", "reponse a", "respuesta a", "risposta a",
    ]),
    (F::Thread, &["thread id", "thread", "conversation id", "conversation", "diskussion", "themen id", "topic id"]),
    (F::Target, &[
        "page url", "target", "product url", "video url", "article url", "seite", "produktlink", "landing page", "referrer",
    ]),
    (F::Tags, &["tags", "hashtags", "labels", "schlagworte", "schlagworter", "stichworte", "etiquettes", "etiquetas", "etichette"]),
    (F::Likes, &[
        "likes", "like count", "likes count", "favorite count", "favourites", "gefallt mir", "mentions j aime", "me gusta",
        "mi piace", "upvotes", "reactions", "reaktionen", "num likes",
    ]),
    (F::Replies, &["reply count", "replies", "comments count", "comment count", "num comments", "antworten", "anzahl antworten", "reponses", "respuestas", "risposte"]),
    (F::Reposts, &["shares", "share count", "retweets", "retweet count", "reposts", "repost count", "geteilt", "partages", "compartidos", "condivisioni"]),
    (F::Views, &["views", "view count", "impressions", "aufrufe", "impressionen", "vues", "vistas", "visualizaciones", "visualizzazioni"]),
];
