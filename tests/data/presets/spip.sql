-- SPIP 4.
-- vector: SPIP; bcrypt(base64(hmac sha256), key of config/cles.php)
-- rewritten: \$2y\$12\$
-- logs in: roy, roy@example.com, Roy M.
-- finds nobody: ROY, ROY@example.com
-- refused: bert (in the waste bin), ursel (not taken in yet)
-- roles: admin, webmestre
CREATE TABLE x7_auteurs (id_auteur bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, nom text NOT NULL, bio text, email tinytext NOT NULL,
  login varchar(255), pass tinytext NOT NULL, low_sec tinytext, statut varchar(255) NOT NULL DEFAULT '0', webmestre varchar(3) NOT NULL DEFAULT 'non',
  KEY (login)) DEFAULT CHARSET utf8 COLLATE utf8_general_ci;
INSERT INTO x7_auteurs (id_auteur, nom, email, login, pass, statut, webmestre) VALUES (7, 'Roy M.', 'roy@example.com', 'roy', @hash, '0minirezo', 'oui'),
  (8, 'Bert', 'bert@example.com', 'bert', @hash, '5poubelle', 'non'), (9, 'Ursel', 'u@example.com', 'ursel', @hash, 'nouveau', 'non');
