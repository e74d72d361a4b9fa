"""The headings that people give to columns, in seven languages, and what each means.

Accents, case and punctuation do not count, so every alias is in plain small letters; commas stand between aliases.
"""

_ROSTER: dict[str, str] = {
    "name": (
        "name, full name, display name, creator, creator name, influencer, influencer name, artist, talent, "
        "author nickname, real name, nome, nome completo, influenciador, naam, volledige naam, navn, fulde navn, "
        "vollstandiger name, nom, nom complet, nom de l influenceur, nombre, nombre completo, influenceur, "
        "creators, influencers, createur, creador, criador, kunstner, kunstler"
    ),
    "first_name": "first name, firstname, given name, voornaam, fornavn, vorname, prenom, primeiro nome",
    "last_name": "last name, lastname, surname, family name, achternaam, efternavn, nachname, apellido, apellidos",
    "handle": (
        "handle, username, user name, account, account name, screen name, user, login, at, social handle, author "
        "unique id, author uniqueid, usuario, nome de usuario, conta, arroba, perfil, gebruikersnaam, brugernavn, "
        "konto, benutzername, nutzername, nom d utilisateur, compte, pseudo, identifiant, nombre de usuario, "
        "cuenta, handles, usernames, profile, profile name, profil"
    ),
    "title:youtube": "youtuber, youtubers, youtube channel name, channel title, channel name, name of channel",
    "platform": (
        "platform, network, social network, social media, social platform, channel, site, plataforma, rede, rede "
        "social, red social, netwerk, kanaal, netvaerk, platforma, platform name, plattform, netzwerk, "
        "plateforme, reseau, reseau social, red, canal, medium"
    ),
    "url": (
        "url, link, profile url, profile link, link to profile, account url, account link, channel url, address, "
        "channel link, link do perfil, perfil url, url do perfil, profiellink, profil link, link til profil, "
        "profillink, lien, lien du profil, enlace, enlace del perfil, url del perfil, page url"
    ),
    "followers": (
        "followers, follower, follower count, followers count, number of followers, no of followers, fans, subs, "
        "subscribers, subscriber count, subscriber, fan count, total followers, total subscribers, audience size, "
        "seguidores, numero de seguidores, n de seguidores, inscritos, assinantes, suscriptores, volgers, aantal "
        "volgers, abonnees, folgere, antal folgere, folger, abonnenter, anzahl follower, abonnenten, abonnes, "
        "nombre d abonnes, nb abonnes, followercount, author followercount, nb followers, folgende"
    ),
    "total_views": "video views, total views, total video views, lifetime views, channel views, view count total",
    "niche": (
        "niche, niches, category, categories, topic, topics, genre, vertical, interest, interests, theme, "
        "categoria, categorias, nicho, nichos, tema, temas, categorie, categorieen, onderwerp, kategori, "
        "kategorier, emne, kategorie, kategorien, thema, branche, thematique, thematiques, content category"
    ),
    "country": "country, country code, nation, market, pais, land, landcode, landekode, pays, mercado",
    "region": "region, state, province, county, uf, estado, regiao, provincie, bundesland, provincia, regio",
    "city": ("city, town, location city, cidade, municipio, stad, plaats, woonplaats, by, stadt, ort, ville, ciudad"),
    "language": (
        "language, languages, lang, idioma, idiomas, lingua, taal, talen, sprog, sprache, sprachen, langue, "
        "langues, lengua, content language, spoken languages"
    ),
    "email": (
        "email, e mail, mail, email address, e mail address, contact email, business email, correio eletronico, e "
        "mailadres, mailadresse, e mail adresse, adresse e mail, courriel, correo, correo electronico"
    ),
    "status": "status, state of contact, situacao, stand, statut, estatus",
    "tags": ("tags, tag, labels, label, keywords, etiquetas, marcadores, trefwoorden, stikord, schlagworte, mots cles"),
    "external_id": (
        "external id, platform id, account id, user id, userid, profile id, channel id, author id, page id, id da "
        "conta, id do perfil, account external id, konto id, profil id"
    ),
}

_POSTS: dict[str, str] = {
    "platform": (
        "platform, network, social network, social media, social platform, channel, site, plataforma, rede, rede "
        "social, red social, netwerk, kanaal, netvaerk, platforma, platform name, plattform, netzwerk, "
        "plateforme, reseau, reseau social, red, canal, medium"
    ),
    "handle": (
        "handle, username, user name, account handle, screen name, user, author unique id, author uniqueid, "
        "account, account username, usuario, nome de usuario, gebruikersnaam, brugernavn, benutzername, nom d "
        "utilisateur, nombre de usuario, profile handle, creator handle, influencer handle, conta, cuenta"
    ),
    "title": (
        "profile, profile name, account name, page name, page, channel title, channel name, author nickname, "
        "perfil, profil, seite, youtuber"
    ),
    "account_external_id": (
        "account external id, account id, user id, userid, profile id, author id, channel id, page id, owner id"
    ),
    "external_id": (
        "external id, post id, id, postid, message id, video id, videoid, media id, content id, shortcode, tweet "
        "id, aweme id, id do post, beitrags id, bericht id, opslags id, id de la publication, id de publicacion"
    ),
    "posted_at": (
        "posted at, posted, date, date time, datetime, time, timestamp, created, created at, create time, "
        "published, published at, publish date, publish time, publication date, post date, posted on, upload "
        "date, upload time, video time, taken at, date posted, time posted, video publish time, video create "
        "time, data, data de publicacao, publicado em, datum, geplaatst op, publicatiedatum, dato, oprettet, "
        "veroffentlicht am, veroffentlichungsdatum, publie le, date de publication, fecha, fecha de publicacion, "
        "video createtime, createtime"
    ),
    "kind": "kind, type, post type, media type, content type, format, tipo, typ, soort",
    "caption": (
        "caption, text, message, description, title, video desc, video title, video description, post text, post "
        "message, content, legenda, texto, mensagem, titulo, descricao, bericht, tekst, beschrijving, besked, "
        "titel, beschreibung, nachricht, legende, titre, mensaje, descripcion, bildunterschrift"
    ),
    "likes": (
        "likes, like count, number of likes, n likes, likes per post, reactions, favorites, favourites, diggs, "
        "digg count, likecount, diggcount, video diggcount, curtidas, gostos, me gusta, j aime, vind ik leuks, "
        "synes godt om, gefallt mir, gefallt mir angaben, mentions j aime, video stats, hearts"
    ),
    "comments": (
        "comments, comment count, number of comments, n comments, comments per post, commentcount, comentarios, "
        "video commentcount, reacties, opmerkingen, kommentarer, kommentare, commentaires"
    ),
    "shares": (
        "shares, share count, number of shares, n shares, shares per post, sharecount, retweets, reposts, video "
        "sharecount, compartilhamentos, partilhas, compartidos, delinger, geteilt, partages, gedeeld"
    ),
    "saves": ("saves, save count, saved, bookmarks, collects, salvos, guardados, gemt, gespeichert, enregistrements"),
    "views": (
        "views, view count, number of views, n views, plays, play count, n plays, video views, viewcount, "
        "playcount, video playcount, visualizacoes, visualizaciones, reproducciones, weergaven, visninger, "
        "aufrufe, vues, views per post, video plays"
    ),
    "reach": "reach, accounts reached, reach per post, alcance, bereik, raekkevidde, reichweite, portee",
    "impressions": ("impressions, impression count, impressoes, impresiones, vertoningen, eksponeringer, impressionen"),
    "replies": (
        "replies, creator replies, own replies, replies by creator, respostas, respuestas, antworten, reponses"
    ),
    "sponsored": (
        "sponsored, is sponsored, paid partnership, is paid partnership, is ad, isad, video isad, branded "
        "content, paid, advertisement, patrocinado, gesponsord, sponsoreret, gesponsert, sponsorise, ad"
    ),
    "url": (
        "url, link, post url, post link, permalink, video link, video url, link to post, post permalink, link do "
        "post, lien, enlace, address"
    ),
    "followers": (
        "followers, follower, follower count, followers count, number of followers, no of followers, fans, subs, "
        "subscribers, subscriber count, subscriber, fan count, total followers, total subscribers, audience size, "
        "seguidores, numero de seguidores, n de seguidores, inscritos, assinantes, suscriptores, volgers, aantal "
        "volgers, abonnees, folgere, antal folgere, folger, abonnenter, anzahl follower, abonnenten, abonnes, "
        "nombre d abonnes, nb abonnes, followercount, author followercount, nb followers, folgende, followers at "
        "posting, followers at post, follower count at posting, followers at publication"
    ),
    "counted_at": (
        "counted at, counted on, fetch date, fetched at, collected at, collection date, scraped at, as of, "
        "retrieved at, snapshot date, exported at, crawled at"
    ),
}

ROSTER_ALIASES = {meaning: tuple(aliases.split(", ")) for meaning, aliases in _ROSTER.items()}
POST_ALIASES = {meaning: tuple(aliases.split(", ")) for meaning, aliases in _POSTS.items()}
