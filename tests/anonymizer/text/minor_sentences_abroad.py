"""Spanish, French, German and Portuguese sentences about children, all invented.

What stands in braces must go. The mail is of 4 May 2026.
"""

from __future__ import annotations

SPANISH = """
Mi hijo {Mateo} tiene {8 años} y estará en casa.
Mi hija {Lucía}, de {5 años}, duerme la siesta.
Nuestra hija {Valeria} cumple {quince} el sábado.
Mis hijos {Diego} y {Sofía} llegan a las tres.
Mi niño de {3 años} tapó el inodoro.
{Camila} está en {tercero de primaria}.
Mi hijo va al {Colegio San Martín}.
La niña, {Renata}, tiene {asma}.
Tengo que recoger a {Emilio} de la guardería a las cinco.
{Daniela} ({9}) estará con la abuela.
Mi nieto {Iker} vive con nosotros.
Fecha de nacimiento del menor: {12/03/2015}
Soy la tutora legal de {Andrés Peña}.
Tengo {16 años} y mis padres no están.
El bebé tiene {seis meses}.
Mi hijo menor se llama {Bruno}.
{Ximena} juega en el equipo {Las Águilas}, sub-12.
La quinceañera de {Abril} es el 20.
Mi hija está en la {Escuela Primaria Benito Juárez}.
Tenemos dos niños ({4} y {7 años}).
Mi sobrina {Noa} nació el {3 de junio de 2018}.
Nombre del alumno: {Pablo Ruiz}
Tengo la custodia de {Martina}.
Mi hija {Inés} es alérgica a {los cacahuetes}.
"""

FRENCH = """
Mon fils {Hugo} a {8 ans} et sera à la maison.
Ma fille {Chloé}, {5 ans}, fait la sieste.
Notre fille {Inès} fête ses {10 ans} samedi.
Mes enfants {Jules} et {Manon} rentrent à quatre heures.
Notre bébé {Louise} a {six mois}.
{Théo} est en {CE2}.
Ma fille va à {l'école Jean-Moulin}.
Mon fils est au {collège Victor-Hugo}.
Je dois chercher {Nathan} à la crèche à cinq heures.
{Camille} ({9 ans}) sera avec sa grand-mère.
Mon petit-fils {Léo} vit chez nous.
Date de naissance de l'enfant : {12/03/2015}
Je suis la tutrice de {Gabriel Morin}.
J'ai {15 ans} et mes parents sont absents.
Mon garçon de {3 ans} a bouché les toilettes.
Ma nièce {Zoé} est née le {3 juin 2018}.
Nom de l'élève : {Paul Girard}
J'ai la garde de {Lina} une semaine sur deux.
Mon fils {Adam} est {asthmatique}.
{Rémi} joue au hockey avec les {Castors}, U11.
Mon fils est en {5e année}.
Ma fille est en {terminale} au {lycée Montaigne}.
Le baptême de {Rose} est dimanche.
"""

GERMAN = """
Mein Sohn {Jonas} ist {8} und allein zu Hause.
Unsere Tochter {Mia}, {5 Jahre}, schläft mittags.
Unsere Tochter {Lena} wird {zehn}.
Meine Kinder {Paul} und {Emma} kommen um drei.
Unser Baby {Ida} ist {sechs Monate} alt.
{Finn} geht in die {3. Klasse}.
Meine Tochter geht auf das {Goethe-Gymnasium}.
Ich hole {Ben} um vier aus der Kita ab.
{Clara} ({9}) ist bei der Oma.
Unser Enkel {Max} wohnt bei uns.
Geburtsdatum des Kindes: {12.03.2015}
Ich bin {15 Jahre alt} und meine Eltern sind weg.
Unser {dreijähriger} Sohn hat die Toilette verstopft.
Mein Sohn {Emil} hat {Asthma}.
Unser Kind heißt {Frieda}.
Ich habe das Sorgerecht für {Anton}.
{Lotte} wurde am {3. Juni 2018} geboren.
"""

PORTUGUESE = """
Meu filho {Davi} tem {8 anos}.
Minha filha {Alice} vai para a {Escola Monteiro Lobato}.
Nosso bebê {Theo} tem {seis meses}.
"""

MIXED = """
Mi hijo se llama {Adrián} y tiene {6}.
El cumpleaños de mi hija {Elena} es el sábado, cumple {9}.
Voy a recoger a {Nicolás} del {Colegio Los Pinos} a las 3.
Mi niña {Paula} está en {primero de primaria}.
{Gabin} entre en {sixième} au {collège Pasteur}.
Mon fils {Noé} fait du judo.
Mein Kind {Leni} ist {4} und krank.
"""

ABROAD = "".join((SPANISH, FRENCH, GERMAN, PORTUGUESE, MIXED)).strip()
